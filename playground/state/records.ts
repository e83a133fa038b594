import type { JsonObject, PlayChannel, PlayPerson, PlayPings } from '../protocol.js';

/** What is stored, one record each. */
export interface PersonRecord extends PlayPerson {
  team_id: string;
}

export type ChannelRecord = PlayChannel;

export interface MessageRecord {
  channel: string;
  ts: string;
  thread_ts?: string;
  user: string;
  text: string;
  blocks: JsonObject[];
  attachments: JsonObject[];
  ephemeral_to?: string;
  bot_id?: string;
  username?: string;
  icon?: string;
  subtype?: string;
  edited?: { user: string; ts: string };
  reactions: { name: string; users: string[] }[];
  files: string[];
  metadata?: { event_type: string; event_payload: JsonObject };
  pings: PlayPings;
  broadcast?: boolean;
  streaming?: boolean;
  /** Milliseconds since the epoch: a stream ends by itself five minutes later. */
  stream_started_ms?: number;
  chunks?: JsonObject[];
  unfurls?: JsonObject;
  /** Only replaced through a response_url: what an ephemeral message or command reply belongs to. */
  from_response_url?: boolean;
}

export interface ViewRecord {
  id: string;
  user: string;
  type: 'modal' | 'home';
  callback_id: string;
  external_id: string;
  hash: string;
  title?: JsonObject;
  submit?: JsonObject;
  close?: JsonObject;
  blocks: JsonObject[];
  private_metadata: string;
  values: { [blockId: string]: { [actionId: string]: JsonObject } };
  root_view_id: string;
  previous_view_id: string | null;
  notify_on_close: boolean;
  clear_on_close: boolean;
  submit_disabled: boolean;
  errors?: { [blockId: string]: string };
}

export interface FileRecord {
  id: string;
  name: string;
  title: string;
  mimetype: string;
  size: number;
  alt_txt: string;
  user: string;
  created: number;
  channels: string[];
  base64: string;
}

export interface UsergroupRecord {
  id: string;
  handle: string;
  name: string;
  description: string;
  users: string[];
  /** Seconds since the epoch; 0 while enabled. */
  date_delete: number;
  created: number;
}

export interface PinRecord {
  channel: string;
  ts: string;
  user: string;
  created: number;
}

export interface BookmarkRecord {
  id: string;
  channel_id: string;
  title: string;
  link: string;
  emoji: string;
  type: 'link';
  created: number;
  updated: number;
  rank: string;
}

export interface ScheduledRecord {
  id: string;
  channel: string;
  post_at: number;
  created: number;
  args: JsonObject;
  text: string;
}

export interface SessionRecord {
  channel: string;
  thread_ts: string;
  status: string;
  loading_messages: string[];
  title: string;
}

/** An event that was not acked yet: redelivered also after a restart of the playground. */
export interface PendingDelivery {
  id: string;
  payload: JsonObject;
  retry: number;
  reason: string;
  due_ms: number;
}

export interface ResponseUrlRecord {
  id: string;
  channel: string;
  user: string;
  /** Message it came from, for replace and delete; absent for slash commands until they answered once. */
  message_ts?: string;
  ephemeral_original: boolean;
  can_delete: boolean;
  created_ms: number;
  uses: number;
  thread_ts?: string;
}
