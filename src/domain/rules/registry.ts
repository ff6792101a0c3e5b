import { beforeParent } from './before-parent.ts';
import { blankText } from './blank-text.ts';
import { concentratedOutliers } from './concentrated-outliers.ts';
import { contradictingRows } from './contradicting-rows.ts';
import { contradictingState } from './contradicting-state.ts';
import { duplicateExceptKey } from './duplicate-except-key.ts';
import { duplicateKey } from './duplicate-key.ts';
import { duplicateRows } from './duplicate-rows.ts';
import { emptyColumn } from './empty-column.ts';
import { futureTime } from './future-time.ts';
import { gapInTime } from './gap-in-time.ts';
import { lateArrival } from './late-arrival.ts';
import { beyondFences } from './looks/beyond-fences.ts';
import { categoryValues } from './looks/category-values.ts';
import { delays } from './looks/delays.ts';
import { firstNumbers } from './looks/first-numbers.ts';
import { missingByGroup } from './looks/missing-by-group.ts';
import { malformedText } from './malformed-text.ts';
import { missingValues } from './missing-values.ts';
import { negativeValue } from './negative-value.ts';
import { notANumber } from './not-a-number.ts';
import { orphan } from './orphan.ts';
import { outlier } from './outlier.ts';
import { paddedText } from './padded-text.ts';
import { percentRange } from './percent-range.ts';
import { personalDataInText } from './personal-data-in-text.ts';
import { personalData } from './personal-data.ts';
import { placeholderText } from './placeholder-text.ts';
import { placeholder } from './placeholder.ts';
import { rankCorrelation } from './rank-correlation.ts';
import { reversedTimes } from './reversed-times.ts';
import type { RuleCard } from './rule-card.ts';
import { type RuleGroup, alone, together } from './rule-group.ts';
import { singleValue } from './single-value.ts';
import { spelling } from './spelling.ts';
import { timeAsText } from './time-as-text.ts';
import { unusualDelay } from './unusual-delay.ts';
import { wrongDuration } from './wrong-duration.ts';
import { wrongTotal } from './wrong-total.ts';
import { zeroValue } from './zero-value.ts';

/** The rules, each by itself or beside those that share its statements, in the order in which they ask. */
export const ruleGroups: readonly RuleGroup[] = [
  alone(orphan),
  alone(beforeParent),
  alone(personalDataInText),
  alone(personalData),
  alone(duplicateKey),
  alone(duplicateRows),
  alone(duplicateExceptKey),
  alone(contradictingRows),
  together(missingByGroup, [missingValues, contradictingState]),
  together(categoryValues, [spelling, placeholderText]),
  together(beyondFences, [outlier, placeholder, concentratedOutliers]),
  together(delays, [reversedTimes, lateArrival, unusualDelay]),
  alone(wrongDuration),
  together(firstNumbers, [wrongTotal, rankCorrelation]),
  alone(gapInTime),
  alone(percentRange),
  alone(emptyColumn),
  alone(singleValue),
  alone(blankText),
  alone(paddedText),
  alone(malformedText),
  alone(timeAsText),
  alone(futureTime),
  alone(negativeValue),
  alone(notANumber),
  alone(zeroValue),
];

/** All rules, by id. */
export const rules: readonly RuleCard[] = ruleGroups
  .flatMap((group) => group.rules)
  .toSorted((a, b) => (a.id < b.id ? -1 : 1));
