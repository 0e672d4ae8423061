/**
 * A number as Indonesians read it aloud, `0812-6000-0001`, as the pages of the server write it. What
 * is no subscriber of this country stays as it came.
 */
export function readable(number: string): string {
  const national = number.replace(/^\+?62/, "0");
  if (!/^0[2-9]\d{6,12}$/.test(national)) return number;
  if (/^08/.test(national)) return mobile(national);
  const area = /^0(?:2[124]|31|61)/.test(national) ? 3 : 4;
  return `(${national.slice(0, area)}) ${national.slice(area)}`;
}

function mobile(national: string): string {
  const rest = national.slice(4);
  const half = rest.length <= 6 ? 3 : 4;
  return [national.slice(0, 4), rest.slice(0, half), rest.slice(half)].join("-");
}
