import type { ChannelRecord } from '../state/records.js';
import type { World } from '../world.js';
import { isMember } from './access.js';
import type { MethodResult } from './method.js';
import { refuse } from './refusal.js';

/** A channel as the Web API shows it, and the names it may have. */

export function channelObject(world: World, channel: ChannelRecord): MethodResult {
  const isMemberNow = isMember(world, channel);
  const stamp = (value: string): object => ({
    value,
    creator: value === '' ? '' : channel.creator,
    last_set: value === '' ? 0 : channel.created,
  });
  if (channel.kind === 'im') {
    const user = channel.members.find((id) => id !== world.app.bot_user_id) ?? world.app.bot_user_id;
    return {
      id: channel.id,
      created: channel.created,
      is_im: true,
      is_org_shared: false,
      is_archived: false,
      user,
      is_user_deleted: false,
      context_team_id: world.team.id,
      updated: channel.created * 1000,
      priority: 0,
    };
  }
  return {
    id: channel.id,
    name: channel.name,
    name_normalized: channel.name,
    is_channel: channel.kind === 'public',
    is_group: channel.kind === 'private',
    is_im: false,
    is_mpim: channel.kind === 'mpim',
    is_private: channel.kind !== 'public',
    is_archived: channel.archived,
    is_general: channel.general,
    is_member: isMemberNow,
    is_shared: false,
    is_org_shared: false,
    is_ext_shared: false,
    is_pending_ext_shared: false,
    is_frozen: false,
    unlinked: 0,
    created: channel.created,
    updated: channel.created * 1000,
    creator: channel.creator,
    context_team_id: world.team.id,
    shared_team_ids: [world.team.id],
    pending_shared: [],
    pending_connected_team_ids: [],
    parent_conversation: null,
    previous_names: [],
    num_members: channel.members.length,
    topic: stamp(channel.topic),
    purpose: stamp(channel.purpose),
  };
}

export const nameRefusals = [
  'name_taken',
  'invalid_name_specials',
  'invalid_name_maxlength',
  'invalid_name_required',
  'invalid_name_punctuation',
];

/** Slack's rules for a name, each with its word (docs.slack.dev/reference/methods/conversations.create). */
export function checkChannelName(world: World, name: string): void {
  if (name.trim() === '') refuse('invalid_name_required');
  if (name.length > 80) refuse('invalid_name_maxlength');
  if (/^[^\p{L}\p{N}]+$/u.test(name)) refuse('invalid_name_punctuation');
  if (name !== name.toLowerCase() || !/^[\p{L}\p{N}_-]+$/u.test(name)) refuse('invalid_name_specials');
  const taken = world.state.channels
    .values()
    .some((c) => c.name === name && (c.kind === 'public' || c.kind === 'private'));
  if (taken) refuse('name_taken');
}
