import { z } from 'zod';
import { optionalText } from '../reading.js';

/** The JSON our documented `on_failure_callback` posts: Airflow itself has no webhook. Field names are those of its context. */
export const airflowEvent = z.object({
  dag_id: z.string(),
  task_id: optionalText,
  run_id: z.string(),
  try_number: z.coerce.number().nullish(),
  max_tries: z.coerce.number().nullish(),
  state: z.string(),
  logical_date: optionalText,
  end_date: optionalText,
  start_date: optionalText,
  exception: optionalText,
  log_url: optionalText,
  owner: optionalText,
  /** Dataset uris or tables the task writes. */
  outlets: z.array(z.string()).catch([]),
});

export type AirflowEvent = z.output<typeof airflowEvent>;
