import { z } from 'zod';

/** Who there is, and as whom one may act. One schema each, of which the type is made. */

export const playPerson = z.strictObject({
  id: z.string(),
  /** Handle as used after `@`, e.g. `maya`. */
  name: z.string(),
  real_name: z.string(),
  email: z.string(),
  title: z.string(),
  teams: z.array(z.string()),
  roles: z.array(z.string()),
  /** IANA zone; dates are shown in it. */
  tz: z.string(),
  is_bot: z.boolean(),
  /** Guests see only the channels they are in. */
  is_guest: z.boolean(),
  deleted: z.boolean(),
  status_text: z.string(),
  status_emoji: z.string(),
});
export type PlayPerson = z.infer<typeof playPerson>;

export const peopleReply = z.strictObject({
  /** People one can act as; the app's own bot user is in `info.app`. */
  people: z.array(playPerson),
});
export type PeopleReply = z.infer<typeof peopleReply>;

export const personReply = z.strictObject({
  ok: z.boolean(),
  person: playPerson,
});
export type PersonReply = z.infer<typeof personReply>;
