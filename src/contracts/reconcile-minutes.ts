/** How often it is looked for runs that nothing runs, on every platform. */
export const reconcileMinutes = 5;
