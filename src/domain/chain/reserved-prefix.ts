/** The first letter of every state that the compiler adds. A node's id cannot start with it, so names never meet. */
export const reservedPrefix = '_';
