/**
 * Every refusal of the stand-in that is not one method's own (those stand beside their method, as `refusals`). docs/playground.md is made
 * from this list; each rule is brought about by a test, which says so with `showsRefusal` (shows-refusal.ts), and a rule without a test
 * fails (documentation.test.ts).
 */
export type RefusalKind = 'Web API' | 'Block Kit' | 'delivery and interaction' | 'control API';

/** Of any call, whatever its method. */
export const callRules = {
  not_authed: 'no token',
  invalid_auth: 'a token that is none of this workspace',
  not_allowed_token_type: "the app-level token where the bot's is wanted, and the other way round",
  team_access_not_granted: 'the id of another workspace',
  unknown_method: 'a method that is not in the table above, or is gone (`files.upload`, `rtm.start`)',
  missing_scope: 'a scope that the manifest does not ask for; `needed` and `provided` name them',
  invalid_arguments: 'an argument that the method does not know, or of another form',
  invalid_arg_name: 'an argument whose name is no word, or longer than 64 characters',
  invalid_array_arg: 'an argument named like `users[0]`',
  invalid_json: 'a body that is no JSON',
  json_not_object: 'JSON that is no object',
  missing_post_type: 'a body without Content-Type',
  invalid_post_type: 'a Content-Type other than JSON, form or plain text',
  invalid_charset: 'a charset other than utf-8 and iso-8859-1',
  invalid_form_data: 'a form with an escape that is none, a multipart body without its parts',
  'ratelimited: tier': "more calls than a method's tier allows in a minute: HTTP 429 with Retry-After",
  'ratelimited: channel': 'more than one message a second into a channel after a burst of three: the same',
} as const;

/** Of blocks and views, beyond what single fields may hold. The first message of a refusal says it, with a JSON pointer. */
export const blockRules = {
  'blocks of a message': '51 blocks in a message',
  'blocks of a view': '101 blocks in a modal or Home tab',
  'blocks of no view': 'a view without blocks',
  'block_id twice': 'the same `block_id` twice',
  'action_id twice': 'the same `action_id` twice in a block',
  'one table': 'two tables of either kind',
  'two charts': 'three charts',
  'one plan': 'two plans',
  'plan or tasks': 'a plan beside loose task cards',
  'markdown in all': '12,001 characters of markdown in all blocks together',
  'cells in all': '10,001 characters in all cells together',
  'text or fields': 'a section with neither text nor fields',
  'elements of actions': '26 elements in an actions block',
  'points of a chart': 'a chart whose series misses a category',
  'header of a data table': 'a data table with rich text in its header row',
  'initial option': 'an initial option that is not offered',
  'one focus': 'two elements that take the focus',
  'text object of another kind': 'mrkdwn where only plain text may stand',
  'file input': 'a file input outside a modal',
  response_url_enabled: '`response_url_enabled` outside an input of a modal',
  'title of a view': 'a title of 25 characters',
  private_metadata: '`private_metadata` of 3,001 characters',
  'input without submit': 'a modal with an input and no submit button',
  'field of a view': 'a field that views do not have',
  'place of the fault': 'and the refusal names the place of the fault',
} as const;

/** Of deliveries, of what the app answers to them, and of what it may see. */
export const deliveryRules = {
  http_timeout: 'An ack after three seconds: the person sees a time-out (`http_timeout`).',
  http_error: 'An ack that is no 2xx (`http_error`).',
  too_many_redirects: 'A redirect in place of an ack (`too_many_redirects`).',
  connection_failed: 'Nobody listening where deliveries go (`connection_failed`).',
  no_connection: 'No Socket Mode connection open (`no_connection`).',
  redelivery:
    'An event that was not acked comes again at once, after one and after five minutes, with `x-slack-retry-num` and `x-slack-retry-reason`; over Socket Mode with `retry_attempt`.',
  'socket token': 'A Socket Mode connection asked for with the bot token (`not_allowed_token_type`).',
  'socket ticket': 'A Socket Mode ticket used twice.',
  'socket connections': 'An eleventh Socket Mode connection.',
  'other connection':
    'An envelope acked on another connection than the one it was sent to: it counts as not acked.',
  'outside channels':
    'Events from channels that the app is not in are not sent (a mention there: `app_not_in_channel`).',
  'ephemeral elsewhere':
    'An ephemeral message in history, replies, pins, reactions or updates: to the app it does not exist there.',
  'ephemeral to others': 'Nobody but its reader sees an ephemeral message.',
  'ephemeral in a quiet thread':
    'An ephemeral message in a thread without replies is taken, and shown to nobody (`chat.postEphemeral`, `thread_ts`).',
  'update without blocks': '`chat.update` with text alone keeps no blocks.',
  expired_trigger_id: 'A trigger after three seconds (`expired_trigger_id`).',
  exchanged_trigger_id: 'A trigger used twice (`exchanged_trigger_id`).',
  used_url: 'A response address used a sixth time (`used_url`).',
  expired_url: 'A response address after thirty minutes (`expired_url`).',
  invalid_url: 'A response address that never was (`invalid_url`).',
  cant_delete_message: "Deleting a command's answer through its response address (`cant_delete_message`).",
  'original is gone': 'Deleting a card through its response address when it is gone (`message_not_found`).',
  'channel is gone': 'A response address of a channel that was deleted (`channel_not_found`).',
  invalid_payload:
    "An unknown field in what goes to a response address, or in a command's ack (`invalid_payload`).",
  'empty answer':
    'Nothing to show, or blocks that Slack would refuse, in either (`no_text`, `invalid_blocks`).',
  invalid_response_action: "A submission's ack that is no `response_action` (`invalid_response_action`).",
  invalid_errors: 'Errors for blocks that are no inputs, or none at all (`invalid_errors`).',
  push_limit_reached: 'A fourth modal on the stack (`push_limit_reached`).',
  'view in an ack': "A view that Slack would refuse, in a submission's ack (`invalid_arguments`).",
  'options in an ack':
    'Options that Slack would refuse for an external select: nothing is offered, and the reply says why.',
} as const;

/** Of the control API: the words in `code`, or the HTTP status where the call does not get that far. */
export const controlRules = {
  'HTTP 401': 'no token, or a wrong one',
  'HTTP 403': 'another `Host`, another `Origin`',
  'HTTP 405': 'a POST to the page',
  'HTTP 413': 'a body of more than 15 MB',
  loopback: 'a start on an address beyond this machine',
  no_such_call: 'a call that there is not',
  invalid_request: 'a body of another shape; the sentence names the field',
  missing_parameter: 'a parameter is missing',
  no_such_person: 'nobody of that name',
  account_inactive: 'whoever left does nothing',
  channel_not_found: 'no channel of that name',
  no_channel: 'a person or channel is needed to know whose messages are meant',
  not_in_channel: 'a private channel one is not in; for a guest, any',
  is_archived: 'writing in an archived channel',
  restricted_action: 'changing #general, a direct message or the app by hand',
  name_taken:
    "a channel's name that is taken; the other words on names (`conversations.create`) come here too",
  message_not_found: 'no such message, as far as the person sees',
  cannot_reply: 'a thread under a message that only one person sees',
  invalid_limit: 'a limit outside 1 to 1000',
  no_text: 'nothing to say',
  file_not_found: 'a file that was not uploaded',
  invalid_size: 'an empty file, or one of more than 10 MB',
  not_yours: "another one's message cannot be edited or deleted",
  cant_leave_general: 'nobody leaves #general',
  no_such_command: 'a command that the manifest does not have',
  no_commands_in_threads: 'a slash command in a thread',
  no_such_shortcut: 'a shortcut that the manifest does not have',
  no_message: 'a message shortcut without a message',
  invalid_name: 'a reaction that is no emoji',
  already_reacted: 'the same reaction again',
  no_reaction: 'taking back a reaction that is not there',
  no_action: 'a click that names nothing',
  no_such_action: 'a button that is not there, or not for that person; the sentence lists what is',
  no_dispatch: 'an input that sends nothing by itself',
  not_external: 'options of a select that has its own',
  wrong_value: 'a value that the element cannot take',
  no_such_input: 'a value for an input that is not there',
  ambiguous_input: 'a value for one of several inputs of that name',
  errors: 'a form with required or wrong fields; `errors` goes by block_id',
  no_view: 'submitting or closing without a modal',
  view_not_on_top: 'acting in a modal that is covered, or another’s',
  no_submit: 'submitting a modal that has no submit button',
  submit_disabled: 'submitting a modal with `submit_disabled`',
  no_thread: "an agent's session without its thread",
  no_session: 'renaming a session that the app has not begun',
  invalid_title: 'a title that is empty or longer than 200 characters',
  no_agent_view: 'looking elsewhere beside an app without `agent_view`',
  no_such_target: 'a fault for a target that there is not',
  fault_refused: 'a fault that its target does not know',
  no_warehouse: 'SQL where there is no warehouse',
  no_story: 'a story where there is none',
  no_such_step: 'a step that the story does not have',
} as const;

export const rulesByKind = {
  'Web API': callRules,
  'Block Kit': blockRules,
  'delivery and interaction': deliveryRules,
  'control API': controlRules,
} as const satisfies Record<RefusalKind, { [rule: string]: string }>;
export type Rules = typeof rulesByKind;
