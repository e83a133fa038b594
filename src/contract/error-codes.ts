/** Codes of the errors whose message is written for a person (`StewardError` and its like), with what each means. Never renamed; new ones may be added. */
export const errorCodes = {
  alert_body:
    'The body of an alert is not what its source sends. Nothing is opened; the log says what is wrong with it.',
  audit_still_kept: '`retention.audit` asks for more than `steward migrate` has allowed the serving role.',
  clock_fixed: 'Somebody tried to move the clock outside the demo.',
  eligibility_unknown: 'Who may approve could not be found out, so nothing was decided.',
  executor_refused:
    'The executor says no and will go on saying so: unknown pipeline, bad credentials, wrong dates.',
  executor_unavailable: 'The executor cannot be reached or asks for patience. Nothing was started.',
  grain_mismatch: 'The window does not fall on the boundaries of the partitions.',
  illegal_transition: 'The thing has moved on since the button was drawn. The message says where it is now.',
  incident_not_closable: 'Closing is refused while key times or follow-ups are missing.',
  incident_not_found: 'No such incident, or a private one: both are answered alike.',
  invalid_input: 'What was typed or sent cannot be used. The message says what would be right.',
  limit_reached: 'A limit of steward.yml for a person or a day.',
  nobody_can_approve:
    'The stages cannot be filled by different people who may. Said at asking, with whom to talk to.',
  not_allowed: 'The person may not do this. The message says who may.',
  not_backfillable: 'The asset is known, but the catalog names no executor or no partitions for it.',
  not_found: 'It is not there, or this person may not know of it: both are answered alike.',
  nothing_to_do: 'Under the reprocess rule nothing is left to do.',
  on_call_unknown: 'Nobody can say who is on call: the pager was not reached in time.',
  outcome_unknown:
    'The answer of the executor was lost: it may have been started or not. It is found out, never started twice.',
  outside_error: 'A pager, tracker or repository refused or could not be reached.',
  pipeline_deprecated: 'The pipeline is deprecated; the message says what to rebuild instead.',
  pipeline_unknown: 'No such pipeline, or one this person may not know of: both are answered alike.',
  policy_broken: 'The policy files cannot be used. The last good policy stays in force.',
  refused_by_policy: "A rule says no, or no rule covers it. The message is the rule's own sentence.",
  source_argument: 'A `--source` that cannot be understood: exit 2.',
  source_unreadable: 'A catalog source cannot be read: the last good catalog stays in force.',
  start_refused: 'A wrong environment value, configuration key or database level. One line, naming it.',
  time_does_not_exist: 'A wall-clock time that the zone skips when its clocks go forward.',
  usage: 'Wrong use of the command line: exit 2.',
  value_refused: 'The warehouse would not answer the query of a value, or the person may not ask it.',
  warehouse_busy: 'The warehouse asked for patience; it is tried again by itself.',
  warehouse_refused:
    'The change will never work as it is: the relation is gone, the login is not there, a name cannot be used.',
  warehouse_unavailable: 'The warehouse cannot be reached or answers nonsense; it is tried again by itself.',
  window_beyond_retention: 'The window begins before the oldest partition that is kept.',
  window_empty: 'The window holds no partition.',
  window_in_future: 'The window holds partitions that do not exist yet.',
  window_reversed: 'The window ends before it begins.',
  window_too_large: 'The window holds more partitions than one backfill may.',
  window_unreadable: 'The window could not be read as dates or words.',
} as const;

/** docs/contract/errors.md. */
export function errorCodesPage(): string {
  const rows = Object.entries(errorCodes).map(([code, meaning]) => `| \`${code}\` | ${meaning} |`);
  return `# What can be wrong, by code

Made from \`src/contract/error-codes.ts\`, by \`node scripts/docs.mjs\`; do not edit by hand. A person reads the sentence; the code stands beside it in the log
(\`err.code\`), for alerts and searches. A code is never renamed; new ones may be added.

| code | what it means |
|---|---|
${rows.join('\n')}
`;
}
