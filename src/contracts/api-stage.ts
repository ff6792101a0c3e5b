/** The stage of the deployed API: the last part of its address. */
export const apiStage = 'v1';
