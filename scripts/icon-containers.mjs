// Packs PNG pictures from icons/ into icon.ico (Windows) and icon.icns (macOS).
// Both formats are a table of sizes followed by whole PNG files, so no library is needed.
import { readFileSync, writeFileSync } from "node:fs";

const folder = new URL("../icons/", import.meta.url);
const png = (name) => readFileSync(new URL(name, folder));

// ICO: 6 bytes of header, 16 bytes per picture; a size of 256 is written as 0.
const icoPictures = [
  [32, png("32x32.png")], // first, because Tauri takes the first picture for the window
  [16, png("16x16.png")],
  [48, png("48x48.png")],
  [64, png("64x64.png")],
  [256, png("128x128@2x.png")],
];
const header = Buffer.alloc(6 + 16 * icoPictures.length);
header.writeUInt16LE(1, 2);
header.writeUInt16LE(icoPictures.length, 4);
let offset = header.length;
icoPictures.forEach(([size, data], index) => {
  const at = 6 + 16 * index;
  header.writeUInt8(size % 256, at);
  header.writeUInt8(size % 256, at + 1);
  header.writeUInt16LE(1, at + 4); // colour planes
  header.writeUInt16LE(32, at + 6); // bits per pixel
  header.writeUInt32LE(data.length, at + 8);
  header.writeUInt32LE(offset, at + 12);
  offset += data.length;
});
writeFileSync(new URL("icon.ico", folder), Buffer.concat([header, ...icoPictures.map(([, data]) => data)]));

// ICNS: "icns", total length, then blocks of a four-letter type, length and PNG (big endian).
const block = (type, data) => {
  const head = Buffer.alloc(8);
  head.write(type, "ascii");
  head.writeUInt32BE(8 + data.length, 4);
  return Buffer.concat([head, data]);
};
const blocks = [
  block("ic11", png("32x32.png")), // 16 points on a dense screen
  block("ic12", png("64x64.png")), // 32 points on a dense screen
  block("ic07", png("128x128.png")),
  block("ic08", png("128x128@2x.png")),
  block("ic13", png("128x128@2x.png")), // 128 points on a dense screen
  block("ic09", png("icon.png")),
  block("ic14", png("icon.png")), // 256 points on a dense screen
  block("ic10", png("icon-1024.png")),
];
writeFileSync(new URL("icon.icns", folder), block("icns", Buffer.concat(blocks)));
