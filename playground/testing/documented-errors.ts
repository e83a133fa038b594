/**
 * Words that Slack's published API description gives for a method and that the stand-in never answers by itself, with the reason.
 * Each can be had at will, for any method: `POST /_play/fault {"target":"slack","kind":"<word>"}`. refusals.test.ts compares this list and
 * each method's own words with the description and lets none be missing.
 */
export const onlyAsFault: readonly { why: string; words: readonly string[] }[] = [
  {
    why: 'the installation is gone or changed hands: there is one, and it stays',
    words: [
      'account_inactive',
      'token_revoked',
      'no_permission',
      'team_added_to_org',
      'org_login_required',
      'ekm_access_denied',
      'bad_token',
    ],
  },
  {
    why: "Slack's own trouble, or a request cut off on the way",
    words: [
      'fatal_error',
      'request_timeout',
      'upgrade_required',
      'upgrade_require',
      'fetch_members_failed',
      'timezone_count_failed',
      'limit_required',
    ],
  },
  {
    why: 'callers that an app of today is not: bot users of old, guests, members of an enterprise',
    words: [
      'user_is_bot',
      'user_is_restricted',
      'user_is_ultra_restricted',
      'user_not_visible',
      'ura_max_channels',
      'enterprise_is_restricted',
      'invalid_user_combination',
      'not_enough_users',
      'user_does_not_own_channel',
    ],
  },
  {
    why: "settings of a workspace's administrators, none of which is played",
    words: [
      'permission_denied',
      'restricted_action',
      'restricted_action_read_only_channel',
      'restricted_action_thread_only_channel',
      'restricted_action_non_threadable_channel',
      'compliance_exports_prevent_deletion',
      'edit_window_closed',
      'not_supported',
    ],
  },
  {
    why: 'things that nothing of the stand-in is: comments on files, files as items of pins and reactions, retired integrations, prompts to log in for a link',
    words: [
      'file_comment_not_found',
      'file_not_shared',
      'not_pinnable',
      'is_inactive',
      'cannot_find_service',
      'cannot_prompt',
    ],
  },
  {
    why: 'older words for what has another one by now (`no_pin`, `file_not_found`, `ratelimited`, `invalid_name_*`), and slips of the description',
    words: [
      'not_pinned',
      'file_deleted',
      'rate_limited',
      'invalid_name',
      'no_channel',
      'invalid_post_typ',
      'missing_post_typ',
      'request_timeou',
    ],
  },
  { why: 'a warning, not a refusal', words: ['missing_charset', 'superfluous_charset'] },
];

/** Single words of single methods that mean nothing there. */
export const meaningless: { [method: string]: { [word: string]: string } } = {
  'conversations.create': { method_not_supported_for_channel_type: 'there is no channel yet' },
  'conversations.mark': { method_not_supported_for_channel_type: 'direct messages are marked as read too' },
  'users.conversations': { method_not_supported_for_channel_type: 'it is asked about a person' },
  'conversations.open': { method_not_supported_for_channel_type: 'any conversation can be opened again' },
  'reactions.get': { file_not_found: 'only messages carry reactions' },
  'reactions.add': { file_not_found: 'only messages carry reactions' },
  'reactions.remove': { file_not_found: 'only messages carry reactions' },
  'pins.remove': { file_not_found: 'only messages are pinned' },
  'chat.update': { rate_limited: 'said as `ratelimited`' },
};
