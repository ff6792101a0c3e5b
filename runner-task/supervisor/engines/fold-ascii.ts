/**
 * A name in lower case as SQLite and DuckDB compare names: of A to Z alone. JavaScript's own lower case makes a k of the Kelvin
 * sign (U+212A) and an å of the Ångström sign, and two names that are two to the engine would be one here.
 */
export const foldAscii = (name: string): string => name.replaceAll(/[A-Z]+/g, (letters) => letters.toLowerCase());
