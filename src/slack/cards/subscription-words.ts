import { type Subject, subjectValue } from '../../subscriptions/subject.js';
import type { ButtonParams } from '../blocks.js';

/** On every notice that nobody asked for one by one: one press ends them. */
export function stopButton(subject: Subject): ButtonParams {
  return {
    text: 'Stop these',
    actionId: 'subscription:stop',
    value: subjectValue(subject),
    label: 'Stop telling me about this',
  };
}
