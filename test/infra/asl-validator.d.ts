/** The part of asl-validator, which comes without types, that the tests use. */
declare module 'asl-validator' {
  const validate: (definition: unknown) => { readonly isValid: boolean; readonly errors: readonly unknown[] };
  export default validate;
}
