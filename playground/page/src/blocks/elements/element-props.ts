/** What every element is told by the block it stands in. */
export interface ElementContext {
  blockId: string;
  /** Elements of an input block speak only where it says `dispatch_action`; all others always. */
  dispatches: boolean;
  /** Set inside an input block: ids of its label, and of its hint and error. */
  labelledBy?: string | undefined;
  describedBy?: string | undefined;
  controlId?: string | undefined;
  invalid?: boolean;
  required?: boolean;
}
