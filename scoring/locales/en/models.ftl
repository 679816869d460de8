model-columns-differ = The model needs the columns it was taught, by name and kind. Missing: { $missing }. Of another kind: { $kind }. Train again on this catalogue, or rank with the catalogue of the model.
model-files-missing = A registered model's files must be where they were registered, but { $path } is not there. Restore it, or train again.
model-files-changed = A model's files must be what was registered, to the byte, but { $path } is not. The model is not used. Restore the file, or train again.
model-format-newer = The model's files have format { $found }, newer than the { $known } this program knows. Upgrade mulu to use it.
model-version-unknown = There is no version { $version } of the model for { TARGET($target) }. Versions: { $known }.
registry-unreachable = MLflow's database { $uri } cannot be used: { $cause }. Check MULU_MLFLOW_TRACKING_URI and that the path is writable; nothing was registered.
group-column-unknown = Validation cannot be grouped by "{ $column }". Columns: { $known }.
group-column-single = Validation needs at least two groups, but "{ $column }" holds one value ({ $value }). Name another column.
validation-impossible = Validation needs both outcomes in training and in test. With { $rows } labelled rows, { $positives } of them positive, no split has that. Bring more years or more labels.
training-no-labels = There are no labels for { TARGET($target) }: no date has outcomes that are known. Take in past decisions, outcomes or later years' reports.
training-one-class = Training needs positives and negatives; of { $rows } labelled rows { $positives } are positive. Take in the decisions or outcomes of the other kind too.
training-few-positives = Training { TARGET($target) } needs at least { $needed } positives and { $needed } negatives; there are { $positives } and { $negatives } at { $dates }. { $target ->
    [growth] More past years, a lower threshold for growth, or outcomes from neighbouring districts would help.
    [listing] Decisions of more past years would help.
   *[other] More past years or outcomes from neighbouring districts would help.
}
model-verdict-strong = Strong signal: the model ranks well above chance and above every baseline.
model-within-size = Among enterprises of the same size its ROC-AUC is { FIXED($value, digits: 3) } (95% interval { FIXED($low, digits: 3) }–{ FIXED($high, digits: 3) }).
model-within-size-unknown = Fewer than two size classes are known among the tested, so whether it ranks enterprises of the same size was not tested.
model-verdict-some = Some signal: the model is better than chance, but not clearly better than every simpler way.
model-verdict-little = Little signal: the model cannot be told from chance. Rankings use the scorecard alone.
model-note-one-date = There is one date with labels, so nothing could be tested in time; figures of one period flatter. Groups were kept apart by { $group }.
model-note-only-size = The model mostly finds the big enterprises again: its gain over size alone is { FIXED($gain, digits: 3) } (lower bound { FIXED($low, digits: 3) }).
model-note-little = The lower bound of ROC-AUC is { FIXED($low, digits: 3) }; below 0.55 the model is not used.
model-note-single-varies = The best single feature was not the same in every fold: { $features }.
model-monotone-violated = A feature declared to help may never lower a score, but it does for { $features }. The model is not registered; train without holding their direction (--monotone).
promotion-reason-missing = Putting version { $version } of { TARGET($target) } forward needs a reason in words.
promotion-already = Version { $version } of { TARGET($target) } is champion already.
promotion-little = Version { $version } of { TARGET($target) } shows little signal and cannot become champion; rankings without a champion of more signal use the scorecard alone.
promotion-not-proposed = Nobody has proposed version { $version } of { TARGET($target) }. One person proposes it, another confirms.
promotion-stale = The champion of { TARGET($target) } changed (now version { $champion }) since version { $version } was proposed. Propose it again, with the new comparison.
promotion-same-person = Promotion takes two people: { $person } proposed version { $version } of { TARGET($target) } and cannot confirm it.
rollback-none = There is no earlier champion of { TARGET($target) } to go back to.
drift-none = Today's enterprises look like those the model was taught.
drift-some = { $count } of the model's features look different from training ({ PERCENT($share, digits: 0) }): { $features }. Read the ranking with care.
drift-many = { $count } of the model's features look different from training ({ PERCENT($share, digits: 0) }): { $features } and others. The model is asked about enterprises it does not know; train again before ranking.
model-none = There is no model for { TARGET($target) }. Registered: { $known }. Train one: mulu train --target { $target }
promotion-auditor = { $person } is an auditor: auditors look on. An analyst, a member or the chair puts models forward and confirms them.
interaction-feature-unknown = The model was not taught { $features }. Its features: { $known }.
target-name-growth = growth
target-name-listing = listing
target-name-closure = closure
target-name-outcome = outcome "{ $name }"
drift-many-newest = { $count } of the model's features look different from training ({ PERCENT($share, digits: 0) }): { $features } and others. It was taught on all that is known today, so training again changes nothing: rely on the card and the reasons, and train again when new outcomes have come in.
drift-filled = {" "}For { $filled } of them it is mostly what is known that changed (the early years have fewer records, say), not the enterprises.
