import { z } from 'zod';
import { postMessage } from '../posting.js';
import type { FileRecord } from '../state/records.js';
import { nowSeconds, type World } from '../world.js';
import { knownPerson, page, postableChannel } from './access.js';
import { int, objects, text } from './arguments.js';
import { threadHead } from './chat.js';
import { checkContent } from './content.js';
import { defineMethod } from './define-method.js';
import type { Method, MethodResult } from './method.js';
import { refuse } from './refusal.js';

/** Files by external upload: an address, the bytes, completion. The old `files.upload` is gone, here too. */

export const fileBytesMax = 10_000_000;

const mimeByExtension: { [extension: string]: string } = {
  png: 'image/png',
  jpg: 'image/jpeg',
  jpeg: 'image/jpeg',
  gif: 'image/gif',
  svg: 'image/svg+xml',
  txt: 'text/plain',
  md: 'text/markdown',
  csv: 'text/csv',
  json: 'application/json',
  html: 'text/html',
  sql: 'text/x-sql',
  pdf: 'application/pdf',
  yml: 'text/yaml',
  yaml: 'text/yaml',
};
/** What `types` may ask for, and which files that is. */
const fileTypes: { [type: string]: (mimetype: string) => boolean } = {
  all: () => true,
  spaces: () => false,
  snippets: (mimetype) => mimetype.startsWith('text/'),
  images: (mimetype) => mimetype.startsWith('image/'),
  gdocs: () => false,
  zips: (mimetype) => mimetype === 'application/zip',
  pdfs: (mimetype) => mimetype === 'application/pdf',
};

export function mimeOf(name: string): string {
  return mimeByExtension[name.slice(name.lastIndexOf('.') + 1).toLowerCase()] ?? 'application/octet-stream';
}

export function fileObject(world: World, file: FileRecord): MethodResult {
  const address = `${world.origin()}/files/${file.id}/${encodeURIComponent(file.name)}`;
  return {
    id: file.id,
    created: file.created,
    timestamp: file.created,
    name: file.name,
    title: file.title,
    mimetype: file.mimetype,
    filetype: file.name.slice(file.name.lastIndexOf('.') + 1).toLowerCase(),
    size: file.size,
    user: file.user,
    mode: 'hosted',
    is_external: false,
    is_public: false,
    alt_txt: file.alt_txt,
    channels: file.channels,
    groups: [],
    ims: [],
    url_private: address,
    url_private_download: address,
    permalink: address,
    editable: false,
  };
}

/** Uploads that were announced and are not complete; bytes may be missing. */
const uploads = new WeakMap<World, Map<string, { file: FileRecord; done: boolean }>>();
function uploadsOf(world: World): Map<string, { file: FileRecord; done: boolean }> {
  const known = uploads.get(world) ?? new Map<string, { file: FileRecord; done: boolean }>();
  uploads.set(world, known);
  return known;
}

/** Takes the bytes of an announced file. Answers an HTTP status and text as Slack's upload host does. */
export function receiveUpload(world: World, ticket: string, bytes: Buffer): { status: number; text: string } {
  const upload = uploadsOf(world).get(ticket);
  if (upload === undefined || upload.done) return { status: 404, text: 'upload_url_not_found' };
  if (bytes.length !== upload.file.size)
    return { status: 400, text: `expected ${upload.file.size} bytes, got ${bytes.length}` };
  upload.file.base64 = bytes.toString('base64');
  upload.done = true;
  return { status: 200, text: `OK - ${bytes.length}` };
}

export const fileMethods: Method[] = [
  defineMethod({
    name: 'files.getUploadURLExternal',
    tier: 't4',
    scopes: ['files:write'],
    refusals: ['invalid_arguments', 'file_upload_size_restricted'],
    args: z.strictObject({
      filename: text,
      length: int,
      alt_txt: text.optional(),
      alt_text: text.optional(),
      snippet_type: text.optional(),
    }),
    run: (world, args) => {
      if (args.filename === '' || args.filename.length > 255) refuse('invalid_arguments', '[ERROR] filename');
      if (args.length < 1) refuse('invalid_arguments', '[ERROR] length must be positive');
      if (args.length > fileBytesMax) refuse('file_upload_size_restricted');
      const id = world.state.nextId('F');
      const file: FileRecord = {
        id,
        name: args.filename,
        title: args.filename,
        mimetype: mimeOf(args.filename),
        size: args.length,
        alt_txt: args.alt_txt ?? args.alt_text ?? '',
        user: world.app.bot_user_id,
        created: nowSeconds(world),
        channels: [],
        base64: '',
      };
      const ticket = `${id}-${Math.random().toString(36).slice(2)}`;
      uploadsOf(world).set(ticket, { file, done: false });
      return { upload_url: `${world.origin()}/upload/v1/${ticket}`, file_id: id };
    },
  }),
  defineMethod({
    name: 'files.completeUploadExternal',
    tier: 't4',
    scopes: ['files:write'],
    refusals: [
      'file_not_found',
      'file_update_failed',
      'channel_not_found',
      'not_in_channel',
      'thread_not_found',
      'invalid_blocks',
    ],
    args: z.strictObject({
      files: objects,
      channel_id: text.optional(),
      channels: text.optional(),
      thread_ts: text.optional(),
      initial_comment: text.optional(),
      blocks: objects.optional(),
    }),
    missing: { files: 'invalid_arguments' },
    run: async (world, args) => {
      if (args.files.length === 0) refuse('invalid_arguments', '[ERROR] files is empty');
      const waiting = uploadsOf(world);
      const complete = args.files.map(({ id, title }) => {
        const [ticket, upload] = [...waiting].find(([, u]) => u.file.id === id) ?? [];
        if (ticket === undefined || upload === undefined) return refuse('file_not_found');
        if (!upload.done) return refuse('file_update_failed', '[ERROR] no bytes were uploaded');
        return {
          ticket,
          file: { ...upload.file, title: typeof title === 'string' ? title : upload.file.title },
        };
      });
      const ids = (args.channels ?? args.channel_id ?? '').split(',').filter((id) => id !== '');
      const channels = ids.map((id) => postableChannel(world, id));
      const content = checkContent(world, { text: args.initial_comment, blocks: args.blocks }, true);
      const files = complete.map(({ ticket, file }) => {
        waiting.delete(ticket);
        const stored = { ...file, channels: channels.map((c) => c.id) };
        world.state.files.put(file.id, stored);
        return stored;
      });
      for (const channel of channels) {
        await postMessage(world, {
          channel,
          user: world.app.bot_user_id,
          ...content,
          bot: true,
          files: files.map((f) => f.id),
          thread_ts: args.thread_ts === undefined ? undefined : threadHead(world, channel, args.thread_ts),
        });
        for (const file of files) {
          void world.delivery.event('file_shared', {
            type: 'file_shared',
            file_id: file.id,
            file: { id: file.id },
            user_id: file.user,
            channel_id: channel.id,
            event_ts: world.messages.nextTs(),
          });
        }
      }
      return { files: files.map((file) => fileObject(world, file)) };
    },
  }),
  defineMethod({
    name: 'files.info',
    tier: 't4',
    scopes: ['files:read'],
    refusals: ['file_not_found'],
    args: z.strictObject({ file: text, limit: int.optional(), cursor: text.optional() }),
    missing: { file: 'file_not_found' },
    run: (world, args) => {
      const file = world.state.files.get(args.file);
      return file === undefined ? refuse('file_not_found') : { file: fileObject(world, file) };
    },
  }),
  defineMethod({
    name: 'files.list',
    tier: 't3',
    scopes: ['files:read'],
    refusals: ['user_not_found', 'unknown_type', 'invalid_limit'],
    args: z.strictObject({
      channel: text.optional(),
      user: text.optional(),
      count: int.optional(),
      page: int.optional(),
      types: text.optional(),
    }),
    run: (world, args) => {
      if (args.user !== undefined) knownPerson(world, args.user);
      const types = (args.types ?? 'all').split(',').map((type) => fileTypes[type] ?? refuse('unknown_type'));
      const files = world.state.files
        .values()
        .filter(
          (f) =>
            (args.channel === undefined || f.channels.includes(args.channel)) &&
            (args.user === undefined || f.user === args.user) &&
            types.some((isOf) => isOf(f.mimetype)),
        );
      const { items } = page(files, args.count, undefined);
      return {
        files: items.map((f) => fileObject(world, f)),
        paging: { count: items.length, total: files.length, page: 1, pages: 1 },
      };
    },
  }),
  defineMethod({
    name: 'files.delete',
    tier: 't3',
    scopes: ['files:write'],
    refusals: ['file_not_found', 'cant_delete_file'],
    args: z.strictObject({ file: text }),
    missing: { file: 'file_not_found' },
    run: (world, args) => {
      const file = world.state.files.get(args.file);
      if (file === undefined) refuse('file_not_found');
      if (file.user !== world.app.bot_user_id) refuse('cant_delete_file');
      world.state.files.delete(file.id);
      return {};
    },
  }),
];
