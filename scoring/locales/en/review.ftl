# accounts and signing in
account-name-missing = An account's name has 1 to 80 characters; got "{ $name }". Choose another.
account-role-unknown = There is no role "{ $role }". Roles: { $known }.
account-exists = The account "{ $name }" exists. Choose another name, or give it a new password.
account-unknown = There is no open account "{ $name }". Accounts: { $known }.
account-password-short = A password has at least { $least } characters; got { $length }. Choose a longer one.
sign-in-failed = The name or the password is not right. After five failures in a row the account is locked for fifteen minutes.
sign-in-locked = The account is locked until { $until } after repeated failures. Try later, or ask the administrator for a new password.
oidc-state = This sign-in is out of date, or was not begun in this browser. Press the office account's button on the sign-in page again.
oidc-said-no = The identity provider did not confirm who you are ({ $error }). Try again, or use an account of this system.
oidc-token = The identity provider's answer cannot be relied on ({ $cause }). You are not signed in; please tell the administrator.
oidc-settings = The setting { $variable } of the identity provider is incomplete or unsafe ({ $cause }). It must be the address that the provider itself gives (https; http on this machine alone), with MULU_OIDC_CLIENT_ID, MULU_OIDC_CLIENT_SECRET and MULU_PUBLIC_URL beside it. Please tell the administrator.
oidc-unreachable = The identity provider does not answer: { $address } ({ $cause }). Try again later, or use an account of this system.
sign-in-not-admitted = "{ $name }" is authenticated but has no account here. Ask the administrator to run mulu user add --external.
sign-in-missing = This command is signed by a person: name the account with --as and give its password by --password-file or the environment variable MULU_PASSWORD.

# roles and verbs
role-member = member
role-chair = chair
role-analyst = analyst
role-auditor = auditor
verb-read = read the review
verb-open_round = open a round
verb-adopt_ranking = adopt a new ranking
verb-seat = seat a member
verb-set_agenda = set the agenda
verb-declare_conflict = declare a conflict
verb-set_conflict = recuse a member
verb-clear_conflict = end a recusal
verb-vote = vote
verb-comment = comment
verb-override = override the list
verb-approve = approve an override
verb-undo = undo an override
verb-confirm = confirm after a new ranking
verb-freeze = freeze the list
verb-thaw = thaw the list
verb-sign = sign the list
verb-attach_record = attach the fair competition review
verb-publish = publish the list
verb-learn = see where committee and model disagree
verb-release_labels = release decisions as labels
verb-receive_objection = register an objection
verb-answer_objection = answer an objection
verb-change_membership = change a membership
verb-sign_industries = sign the table of key industries
verb-audit = audit the ledger
override-include = include
override-exclude = exclude
override-defer = defer
override-move = move
override-status-in_force = in force
override-status-waiting = waits for a second person
override-status-stale = to be confirmed on the new ranking
override-status-undone = undone
override-status-expired = expired
override-status-replaced = replaced
reason-type-data_outdated = data out of date
reason-type-data_wrong = data wrong
reason-type-event_after_date = event after the reference date
reason-type-potential_not_in_data = potential that the data do not show
reason-type-policy_priority = policy priority
reason-type-integrity = integrity
reason-type-duplicate_or_group = duplicate or same group
reason-type-other = other
vote-for = for
vote-against = against
vote-defer = defer
vote-abstain = abstain
conflict-shareholding = shareholding
conflict-employment = present or past employment
conflict-family = family
conflict-advisory = adviser or partner
conflict-dispute = dispute
conflict-other = other
phase-open = under review
phase-frozen = frozen, to be signed
phase-signed = signed, to be published
phase-published = published
event-round_opened = round opened
event-ranking_adopted = new ranking adopted
event-seated = member seated
event-agenda_set = agenda set
event-record_attached = review record attached
event-frozen = list frozen
event-thawed = list thawed
event-signed = list signed
event-published = list published
event-labels_released = labels released
event-voted = vote
event-conflict_declared = recusal
event-conflict_cleared = recusal ended
event-commented = comment
event-overridden = override
event-override_approved = override approved
event-override_undone = override undone
event-override_confirmed = confirmed again
event-denied = denied
denial-role = role or seat without the right
denial-person = a matter of one's own
denial-procedure = against procedure

# what a review refuses
review-role-may-not = { $role ->
    [member] A member
    [chair] The chair
    [analyst] An analyst
   *[auditor] An auditor
 } may not do this ({ $verb ->
    [read] { verb-read }
    [open_round] { verb-open_round }
    [adopt_ranking] { verb-adopt_ranking }
    [seat] { verb-seat }
    [set_agenda] { verb-set_agenda }
    [declare_conflict] { verb-declare_conflict }
    [set_conflict] { verb-set_conflict }
    [clear_conflict] { verb-clear_conflict }
    [vote] { verb-vote }
    [comment] { verb-comment }
    [override] { verb-override }
    [approve] { verb-approve }
    [undo] { verb-undo }
    [confirm] { verb-confirm }
    [freeze] { verb-freeze }
    [thaw] { verb-thaw }
    [sign] { verb-sign }
    [attach_record] { verb-attach_record }
    [publish] { verb-publish }
    [learn] { verb-learn }
    [release_labels] { verb-release_labels }
    [receive_objection] { verb-receive_objection }
    [answer_objection] { verb-answer_objection }
    [change_membership] { verb-change_membership }
   *[audit] { verb-audit }
 }). Roles that may: { $who ->
    [analyst-auditor-chair] analyst, auditor, chair
    [analyst-auditor-chair-member] analyst, auditor, chair, member
    [analyst-chair] analyst, chair
    [analyst-chair-member] analyst, chair, member
    [auditor] auditor
    [chair] chair
   *[chair-member] chair, member
 }. The attempt is in the ledger.
review-role-changed = { $name } now has the role { $role }, not the one signed in with. Sign in again.
review-recused = You are recused from { $enterprise } and can neither see nor act on it. If that is wrong, ask the chair to end the recusal.
review-not-seated = { $name } has no seat in this round. Seated: { $seated }. Ask the chair for a seat.
review-own-override = An override is approved by another person than its author ({ $enterprise }). Ask another member.
review-not-author = Only its author { $author } or the chair may undo the override of { $enterprise }.
review-signed-already = { $name } has signed this list; the other signature is another person's.
review-conflict-own = Nobody ends their own recusal ({ $enterprise }). Ask another person in the chair.
review-conflict-none = { $name } is not recused from { $enterprise }; there is nothing to end.
review-conflict-type-unknown = There is no ground of conflict "{ $value }". Grounds: { $known }.
review-choice-unknown = There is no vote "{ $value }". Votes: { $known }.
review-override-unknown = There is no override "{ $value }". Overrides: { $known }.
review-reason-type-unknown = There is no type of reason "{ $value }". Types: { $known }.
review-reason-too-short = A reason is at least a sentence ({ $least } characters); got { $length }. State the fact and its source.
review-evidence-missing = This round asks for at least one file of evidence with each decision: attach one to the decision on { $enterprise } (on the command line: --evidence FILE).
review-move-needs-rank = A move, and only a move, names the place to move to (got: { $kind }).
review-rank-outside-track = The place must be 1 to { $last }; got { $rank }.
review-expiry-past = The last day { $expires_on } is before today ({ $today }). Give today or a later day.
review-override-none = { $enterprise } has no override at present.
review-nothing-to-approve = The override of { $enterprise } needs no approval (status: { $status ->
    [in_force] { override-status-in_force }
    [waiting] { override-status-waiting }
    [stale] { override-status-stale }
    [undone] { override-status-undone }
    [replaced] { override-status-replaced }
   *[expired] { override-status-expired }
 }).
review-nothing-to-confirm = { $enterprise } has no earlier decision of yours to confirm.
review-item-changed = Since you looked at { $enterprise }, { $actor } made { $kind ->
    [overridden] an override
    [override_approved] an approval
    [override_undone] an undoing
    [override_confirmed] a confirmation
    [voted] a vote
   *[other] a change
 } at { $at } (entry { $now }). Look and decide again; what you typed is kept.
review-ranking-superseded = You acted on ranking { $seen }, which { $now } has replaced. Reload and decide on the new ranking.
review-enterprise-unknown = The ranking has no enterprise "{ $enterprise }". { NEAREST($nearest) }
review-round-unknown = There is no round "{ $round }". Rounds: { $known }.
review-round-open = Round { $round } is not yet published; publish it before opening another.
review-round-none = There is no round yet. Run mulu rank and mulu select, then mulu review open.
review-no-chair = A round needs a chair. Run mulu user add NAME --role chair first.
review-other-edition = This round is held under { $round } and cannot adopt a ranking under { $edition }. Open a new round.
review-not-frozen = Round { $round } is not frozen. The chair runs mulu review freeze first.
review-frozen = The list of round { $round } is frozen and cannot be changed or frozen again. The chair may thaw it.
review-published = The list of round { $round } is published and cannot be changed. A correction is a new round that names this one.
review-decisions-open = Before freezing, settle what is open. Waiting for a second person: { $waiting }; made on an earlier ranking: { $stale }. Approve, confirm or undo them.
review-quorum-missing = These enterprises lack a quorum (cast/needed): { $items }. Complete the votes.
review-against-vote = Most votes are against the override of: { $items }. Undo it or vote again.
review-list-infeasible = Under these overrides the quotas cannot hold together: { $quotas }. Undo some overrides.
review-other-list = You are signing list { $seen }; the frozen one is { $now }. Compare and sign again.
review-record-reference = A fair competition review record needs its reference number. Give it.
review-vote-first = Vote on the agenda first ({ $left } left); then the list is shown.

# evidence
evidence-empty = The attachment "{ $file }" is empty. Choose it again.
evidence-too-large = The attachment "{ $file }" has { $bytes } bytes; the limit is { $most }. Compress or split it.
evidence-type = The content of "{ $file }" is not what its name says, or the type is not accepted. Accepted: { $accepted }.
evidence-unknown = No attachment { $sha256 } is kept. Upload it first.
evidence-changed = The kept attachment { $sha256 } has been changed. Upload it again and look into the storage.
evidence-file-missing = There is no attachment at { $path }. Check the path.
review-not-signed = The list of round { $round } is published after two people, the chair among them, have signed it. Run mulu review sign first.
review-cooling-down = These enterprises left and are still cooling down (last day): { $items }. Exclude them, or restore them first.
date-unreadable = A date is written 2026-11-23; got "{ $value }".

# membership
membership-reason-unknown = There is no ground of exit "{ $value }". Grounds: { $known }.
membership-needs-evidence = To restore { $enterprise }, attach the evidence that its credit was repaired.
membership-change-unknown = There is no change number { $number } to reverse. Changes: { $known }.
credit-suspend = suspend
credit-resume = end the suspension
credit-restore = restore
credit-grounds = { $kind }, listed { $listed }, removed: { $removed }{ $more ->
        [0] {""}
       *[other] ; and { $more } more
    }
credit-nothing-proposed = Nothing is suggested for { $enterprise } now: no listing in force became known after its list was drawn, or it was decided on. See mulu member proposals for what waits, or use mulu member suspend.
membership-none = { $enterprise } is not in the directory on { $on }.
membership-status = On { $on } { $enterprise } is { $status ->
    [active] active
    [suspended] suspended
   *[exited] no longer a member
 }; this change does not apply.
calendar-year-unknown = The public holidays of { $year } are not known yet. Add the days that differ from their weekday, as the State Council's office announces them, to { $file } in the home folder, one a line (such as { $year }-01-01,0,New Year; 1 for a weekend that is worked), 1 January among them; all others follow the weekday. Or name the last day of notice with --notice-until.
calendar-file-unreadable = Line { $line } of { $path } cannot be read: "{ $text }". Each line is a date, 1 or 0, and a word if one likes, such as 2027-01-01,0,New Year (0 free, 1 worked). Correct it.
calendar-day-twice = Line { $line } of { $path }: { $day } is said to be both worked and free. Keep one line.
notice-too-short = A public notice lasts at least one working day; got { $days }.

# objections
objection-ground-unknown = There is no ground of objection "{ $value }". Grounds: { $known }.
objection-outcome-unknown = There is no outcome "{ $value }". Outcomes: { $known }.
objection-not-published = The list of round { $round } is not published; there is nothing to object to yet.
objection-late = The period of notice ended on { $until } (today is { $today }); objections can no longer be registered.
objection-needs-evidence = An objection needs at least one file of evidence. Attach it, then register the objection.
objection-needs-reference = An objection has its number in the office's register (no names are stored here). Give it.
objection-enterprise-unknown = { $enterprise } is not in this round's ranking. Check the identifier.
objection-model-differs = Scoring again takes the same edition, date and models; different: { $differing }. Rank again by the original rules.
objection-answered = Objection { $number } has been answered and cannot be dealt with again.
objection-unknown = There is no objection { $number }. Numbers: { $known }.
objection-ground-data_wrong = wrong data
objection-ground-rule_misapplied = rule misapplied
objection-ground-integrity = integrity
objection-ground-eligibility = eligibility
objection-ground-other = other
objection-outcome-upheld = upheld
objection-outcome-partly = partly upheld
objection-outcome-dismissed = dismissed

# learning from the review
learning-not-published = Decisions become labels only after the list of round { $round } is published.
learning-released = The labels of round { $round } have been released already.
learning-undecided = Only enterprises on which the committee decided can be labels; these are not: { $items }.
