/** Sandboxes at once on AWS where nothing else is said: a small team's use; each is a task of two vCPUs. */
export const defaultSandboxPlaces = 4;
