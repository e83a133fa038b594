import { randomBytes } from 'node:crypto';

let lastMs = 0;
let count = 0;

/**
 * A uuid (version 7, RFC 9562) that sorts after every one this process made before: rows of one instant keep the order in which they were
 * written. Only the order means anything; what time it was is said by the rows themselves.
 */
export function orderedId(): string {
  const now = Date.now();
  count = now > lastMs ? 0 : count + 1;
  // More than the counter holds within a millisecond, or a clock that was put back: the next millisecond is borrowed.
  if (count > 0xfff) count = 0;
  lastMs = now > lastMs ? now : count === 0 ? lastMs + 1 : lastMs;
  const bytes = randomBytes(16);
  bytes.writeUIntBE(lastMs, 0, 6);
  bytes.writeUInt16BE(0x7000 | count, 6);
  bytes.writeUInt8(0x80 | (bytes.readUInt8(8) & 0x3f), 8);
  const hex = bytes.toString('hex');
  return [hex.slice(0, 8), hex.slice(8, 12), hex.slice(12, 16), hex.slice(16, 20), hex.slice(20)].join('-');
}
