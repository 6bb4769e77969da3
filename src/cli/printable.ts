/** A text of strangers for the terminal: what would move the cursor, colour or hide other text shows as �. Line breaks stay. */
export function printable(text: string): string {
  return text
    .replaceAll("\r\n", "\n")
    .replaceAll(/[\p{Cc}\u202a-\u202e\u2066-\u2069]/gu, (sign) => (sign === "\n" ? sign : "�"));
}
