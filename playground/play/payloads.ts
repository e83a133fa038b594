import { channelTypeOf } from '../directory.js';
import { toSlackMessage } from '../messages.js';
import type { JsonObject } from '../protocol.js';
import type { ChannelRecord, MessageRecord, PersonRecord, ViewRecord } from '../state/records.js';
import { viewObject } from '../view-stack.js';
import type { World } from '../world.js';

/** Bodies of interactions, field for field as docs.slack.dev/reference/interaction-payloads shows them. */

function common(world: World, person: PersonRecord): JsonObject {
  return {
    user: { id: person.id, username: person.name, name: person.name, team_id: person.team_id },
    api_app_id: world.app.id,
    token: 'playground-verification-token',
    team: { id: world.team.id, domain: world.team.domain },
    enterprise: null,
    is_enterprise_install: false,
  };
}

export function channelName(channel: ChannelRecord): string {
  if (channel.kind === 'im') return 'directmessage';
  return channel.kind === 'private' ? 'privategroup' : channel.name;
}

export function commandPayload(
  world: World,
  given: { person: PersonRecord; channel: ChannelRecord; command: string; text: string; responseUrl: string },
): JsonObject {
  const { person, channel } = given;
  return {
    token: 'playground-verification-token',
    team_id: person.team_id,
    team_domain: world.team.domain,
    channel_id: channel.id,
    channel_name: channelName(channel),
    user_id: person.id,
    user_name: person.name,
    command: given.command,
    text: given.text,
    api_app_id: world.app.id,
    is_enterprise_install: 'false',
    response_url: given.responseUrl,
    trigger_id: world.triggers.make({ user: person.id, fromView: false }),
  };
}

/** Where an element stands: in a message or in a view. */
export type Place =
  | { kind: 'message'; channel: ChannelRecord; message: MessageRecord }
  | { kind: 'view'; view: ViewRecord };

function placeFields(world: World, place: Place, values: JsonObject): JsonObject {
  if (place.kind === 'view') {
    return { container: { type: 'view', view_id: place.view.id }, view: viewObject(world, place.view) };
  }
  const { channel, message } = place;
  const isEphemeral = message.ephemeral_to !== undefined;
  return {
    container: {
      type: 'message',
      message_ts: message.ts,
      channel_id: channel.id,
      is_ephemeral: isEphemeral,
      ...(message.thread_ts === undefined ? {} : { thread_ts: message.thread_ts }),
    },
    channel: { id: channel.id, name: channelName(channel) },
    // Slack hands over no ephemeral message: what an app needs of it must be in the element's value.
    ...(isEphemeral ? {} : { message: toSlackMessage(world, message) }),
    state: { values },
  };
}

export function blockActionsPayload(
  world: World,
  given: {
    person: PersonRecord;
    place: Place;
    actions: JsonObject[];
    values: JsonObject;
    responseUrl?: string;
  },
): JsonObject {
  const { person, place } = given;
  const fromView = place.kind === 'view' && place.view.type === 'modal';
  return {
    type: 'block_actions',
    ...common(world, person),
    ...placeFields(world, place, given.values),
    trigger_id: world.triggers.make({ user: person.id, fromView }),
    ...(given.responseUrl === undefined ? {} : { response_url: given.responseUrl }),
    actions: given.actions,
  };
}

export function suggestionPayload(
  world: World,
  given: {
    person: PersonRecord;
    place: Place;
    blockId: string;
    actionId: string;
    value: string;
    values: JsonObject;
  },
): JsonObject {
  return {
    type: 'block_suggestion',
    ...common(world, given.person),
    ...placeFields(world, given.place, given.values),
    action_id: given.actionId,
    block_id: given.blockId,
    value: given.value,
  };
}

export function submissionPayload(
  world: World,
  person: PersonRecord,
  view: ViewRecord,
  responseUrls: JsonObject[],
): JsonObject {
  return {
    type: 'view_submission',
    ...common(world, person),
    trigger_id: world.triggers.make({ user: person.id, fromView: true }),
    view: viewObject(world, view),
    response_urls: responseUrls,
  };
}

export function shortcutPayload(
  world: World,
  given: {
    person: PersonRecord;
    callbackId: string;
    on?: { channel: ChannelRecord; message: MessageRecord; responseUrl: string };
  },
): JsonObject {
  const { person, on } = given;
  return {
    type: on === undefined ? 'shortcut' : 'message_action',
    ...common(world, person),
    callback_id: given.callbackId,
    trigger_id: world.triggers.make({ user: person.id, fromView: false }),
    action_ts: world.messages.nextTs(),
    ...(on === undefined
      ? {}
      : {
          message_ts: on.message.ts,
          channel: { id: on.channel.id, name: channelName(on.channel) },
          message: toSlackMessage(world, on.message),
          response_url: on.responseUrl,
        }),
  };
}

export function homeOpenedEvent(
  world: World,
  person: PersonRecord,
  channel: ChannelRecord,
  tab: string,
  view?: ViewRecord,
): JsonObject {
  return {
    type: 'app_home_opened',
    user: person.id,
    channel: channel.id,
    tab,
    ...(view === undefined ? {} : { view: viewObject(world, view) }),
    channel_type: channelTypeOf(channel),
    event_ts: world.messages.nextTs(),
  };
}
