import { describe, expect, it } from 'vitest';
import { maskPersonal } from '../../../src/domain/personal-data/mask-personal.ts';

describe('masking personal data', () => {
  it.each([
    ['write to ann.smith+x@mail.example.co.uk, please', 'write to ‹e-mail›, please'],
    ['charge my card 4320 0714 9318 3543, thank you', 'charge my card ‹card number›, thank you'],
    ['4111111111111111', '‹card number›'],
    ['call +49 30 123 4567 tonight', 'call ‹telephone› tonight'],
    ['(030) 123-4567', '‹telephone›'],
  ])('hides what is in %j', (text, masked) => expect(maskPersonal(text)).toBe(masked));

  it.each([
    '2026-11-21T03:17:18.038Z',
    '1763695038123',
    'order 12345',
    'e5c6f89b4bc03',
    '192.168.0.1',
    '12.5',
    '2024-01-31 to 2024-02-29',
    '-1234567.891',
  ])('leaves %j as it is', (text) => expect(maskPersonal(text)).toBe(text));
});
