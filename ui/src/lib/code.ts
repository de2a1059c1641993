// Federation codes: the pattern shown while typing and the suggestion made from a name.

/** The pattern of a federation code, as the product's own check has it. */
export const CODE_PATTERN = /^[a-z0-9][a-z0-9_-]{1,63}$/;

export function isCode(text: string): boolean {
  return CODE_PATTERN.test(text);
}

/** A code made from a name: fadas folded, capitals lowered, everything else one underscore. May be empty or too short. */
export function suggestCode(name: string): string {
  return name
    .normalize("NFD")
    .replace(/\p{M}/gu, "")
    .toLowerCase()
    .replace(/ø/g, "o")
    .replace(/æ/g, "ae")
    .replace(/ß/g, "ss")
    .replace(/ł/g, "l")
    .replace(/['’]/g, "")
    .replace(/[^a-z0-9-]+/g, "_")
    .replace(/^[_-]+/, "")
    .slice(0, 64)
    .replace(/[_-]+$/, "");
}

/** A free-looking code for a copy of `code`, within the length limit. */
export function suggestCopy(code: string): string {
  return `${code.slice(0, 59)}_copy`;
}
