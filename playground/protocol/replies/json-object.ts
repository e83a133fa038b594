import { z } from 'zod';

/** Something of Slack's own shape, which is checked where it is rendered or sent. */
export const jsonObject = z.record(z.string(), z.unknown());
export type JsonObject = z.infer<typeof jsonObject>;
