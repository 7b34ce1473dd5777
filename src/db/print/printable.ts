/** psql (mbvalidate) leaves out the noncharacters that end each plane of Unicode but the first: U+1FFFE, U+1FFFF, … */
export function printable(text: string): string {
  if (!/[\uD800-\uDFFF]/.test(text)) return text;
  return text.replace(/\p{Noncharacter_Code_Point}/gu, (found) => (found.length === 2 ? '' : found));
}
