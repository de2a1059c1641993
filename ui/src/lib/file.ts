// A file that a person chose, as it travels to the program.

/** Largest file of members, in bytes; the program refuses a larger one as well. */
export const FILE_LIMIT = 50 * 1024 * 1024;

/** The file in base64. */
export function inBase64(file: File): Promise<string> {
  return new Promise((resolve, reject) => {
    const reader = new FileReader();
    reader.onload = () => {
      const address = String(reader.result);
      resolve(address.slice(address.indexOf(",") + 1));
    };
    reader.onerror = () => reject(new Error("the file cannot be read"));
    reader.readAsDataURL(file);
  });
}
