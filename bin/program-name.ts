/** What a person types to call the command line in a clone, as help, messages and docs write it. */
export const programName = './surveyor';
