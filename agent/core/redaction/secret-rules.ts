import { assignedForms } from './assigned-forms.ts';
import { carriedForms } from './carried-forms.ts';
import { tokenForms } from './token-forms.ts';

/**
 * Forms that only credentials have. Each pattern is valid in JavaScript (flag g) and for bytes in
 * Python's `re` and needs linear time. Of a pattern with a group the group is the secret and ends
 * the match; else all of the match is. `literal` stands in every match, so that most text is passed
 * over without a pattern being tried: the rarer it is in what programs print, the better.
 *
 * They run in three places: here, in the keeper over what a program prints (agent/python/keeping),
 * and inside of Python over what it says (agent/python/inside), which are given them as they are.
 */
export interface SecretRule {
  rule: string;
  literal: string;
  pattern: string;
}

export const secretRules: readonly SecretRule[] = [
  ...tokenForms,
  ...carriedForms,
  ...assignedForms,
];
