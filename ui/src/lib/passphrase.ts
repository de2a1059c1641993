// What is said about a new passphrase: words, never a score.

export const SHORTEST_PASSPHRASE = 12;

export type Strength = "short" | "repeats" | "enough" | "good";

/** Characters are counted as people see them, so that an accent or an emoji is one. */
export function strengthOf(passphrase: string): Strength {
  const characters = [...new Intl.Segmenter("en", { granularity: "grapheme" }).segment(passphrase)].map((s) => s.segment);
  if (characters.length < SHORTEST_PASSPHRASE) return "short";
  if (new Set(characters.map((c) => c.toLowerCase())).size < 5) return "repeats";
  const words = passphrase.trim().split(/[\s\-_.]+/).filter((word) => word.length > 2);
  return words.length >= 4 || characters.length >= 20 ? "good" : "enough";
}
