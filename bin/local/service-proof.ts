import { createHmac, randomBytes, timingSafeEqual } from 'node:crypto';

/**
 * How a service shows that it is the one that wrote `service.json`: that file holds a word that no other process knows, and
 * each answer is about a number that was never asked before. Whoever listens at the port by now can neither make nor repeat it.
 */
export const proofHeaders = { question: 'x-surveyor-question', proof: 'x-surveyor-proof' } as const;

/** A word that nobody guesses. */
export const randomWord = (): string => randomBytes(24).toString('base64url');

/** The answer to a question, by who knows the secret. */
export const proofOf = (secret: string, question: string): string =>
  createHmac('sha256', secret).update(`surveyor service\0${question}`).digest('base64url');

/** Whether an answer is that of somebody who knows the secret. */
export const isProof = (secret: string, question: string, answer: string | null): boolean => {
  const [given, wanted] = [Buffer.from(answer ?? ''), Buffer.from(proofOf(secret, question))];
  return given.length === wanted.length && timingSafeEqual(given, wanted);
};
