/** `password=…` and its like, in quotes or not, and what stands before the @ of an address. */
const assigned = /\b(pass(?:word|wd|phrase)?|pwd|secret|token|api_?key)(\s*[=:]\s*)('[^']*'|"[^"]*"|[^\s'",;&)]+)/gi;
const inAddress = /(\b[a-z][a-z0-9+.-]*:\/\/[^\s:/@]*):[^\s@/]+@/gi;

/** What a server says, which is shown and logged, without the passwords that it may tell: of others, since ours it never had so. */
export const withoutPasswords = (said: string): string =>
  said.replaceAll(inAddress, '$1:…@').replaceAll(assigned, '$1$2…');
