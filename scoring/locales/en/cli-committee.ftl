cli-as-help = in whose name (account; or the environment variable MULU_USER)
cli-password-file-help = a file that holds the password (or MULU_PASSWORD; without either a terminal asks)
cli-password-prompt = Password
cli-round-help = the round (the newest by default)
cli-user-help = who may sign in, and in which role
cli-user-name-help = the account's name
cli-user-password-file-help = a file that holds the new password (by default a random one, shown once)
cli-user-add-help = make an account
cli-user-role-help = role: member, chair, analyst, auditor
cli-user-display-help = the name to show
cli-user-external-help = signed in by an identity provider (OIDC), without a password
cli-user-list-help = list the accounts
cli-user-disable-help = close an account; what it did stays
cli-user-password-help = give a new password and unlock
cli-user-added = Account { $name } ({ $role }) made.
cli-user-password-once = Password (shown this once): { $password }
cli-user-disabled = Account { $name } closed.
cli-user-password-set = { $name } has a new password.
cli-committee-name = name
cli-committee-display = shown as
cli-committee-role = role
cli-committee-enterprise = enterprise
cli-committee-track = track
cli-committee-rank = rank
cli-committee-score = points
cli-committee-votes = votes/needed
cli-committee-override = override
cli-committee-from = from
cli-committee-to = to
cli-committee-why = by
cli-review-help = review: vote, override, freeze, sign
cli-enterprise-help = an enterprise's identifier or full name
cli-review-text-help = the reason or remark (at least a sentence)
cli-seen-help = the last entry that you saw (by default the newest)
cli-ranking-digest-help = a ranking's digest (by default the current one)
cli-review-open-help = open a round on a saved ranking
cli-review-corrects-help = the published round that this one corrects
cli-review-opened = Round { $round } opened (ranking { $ranking }).
cli-review-adopt-help = go on with a new ranking
cli-review-adopted = Ranking { $ranking } adopted.
cli-review-stale = Earlier decisions to confirm: { $items }
cli-review-waiting = These overrides wait for a second person: { $items }
cli-review-status-help = where the round stands
cli-review-status-line = Round { $round }: { $phase }
cli-review-status-ranking = Ranking { $ranking }, data as of { $as_of }
cli-review-status-open = To vote on: { $vote }; to approve: { $waiting }; to confirm: { $stale }
cli-review-status-list = Frozen list { $list }; signed by { $signed }
cli-review-list-help = what is most worth discussing (near the line, uncertain, model and card apart)
cli-review-top-help = how many
cli-review-show-help = one enterprise's item and history
cli-review-item = { $enterprise }: { $cast } of { $needed } votes needed; last entry { $seen }
cli-review-standing = Override: { $kind } ({ $standing }; by { $author })
cli-review-blind = Others' votes are shown after you have voted.
cli-review-vote-help = vote on an enterprise
cli-review-choice-help = for, against, defer, abstain
cli-review-voted = Voted on { $enterprise } ({ $cast } of { $needed } needed).
cli-review-override-help = decide otherwise than the list: include, exclude, defer, move
cli-review-kind-help = include, exclude, defer, move
cli-review-type-help = type of reason: data_outdated, data_wrong, event_after_date, potential_not_in_data, policy_priority, integrity, duplicate_or_group, other
cli-review-to-rank-help = the place to move to (with move only)
cli-review-evidence-help = a file of evidence (may be repeated)
cli-review-expires-help = the last day it holds, e.g. 2026-12-31
cli-review-overridden = Override of { $enterprise } recorded: { $kind }.
cli-review-effect-rank = Rank in track: { $old } → { $new }
cli-review-effect-place = List: { $old } → { $new }
cli-review-place = place { $position }
cli-review-no-place = not on it
cli-nobody = nobody
cli-review-effect-displaced = Off the list by it: { $displaced }; on the list by it: { $entered }
cli-review-waits = It crosses the line and waits for a second person (mulu review approve).
cli-review-person-help = the member who is recused (account)
cli-review-approve-help = agree to another's override
cli-review-approved = Override of { $enterprise } approved.
cli-review-undo-help = undo an override
cli-review-undone = Override of { $enterprise } undone.
cli-review-confirm-help = hold to an earlier decision on the new ranking
cli-review-confirmed = Decision on { $enterprise } confirmed.
cli-review-comment-help = comment on an enterprise
cli-review-commented = Comment on { $enterprise } recorded.
cli-review-recuse-help = declare a conflict (the chair may name another with --person)
cli-review-ground-help = ground: shareholding, employment, family, advisory, dispute, other
cli-review-recused = { $name } is recused from { $enterprise }.
cli-review-readmit-help = the chair ends another's recusal
cli-review-readmitted = { $name } is no longer recused from { $enterprise }.
cli-review-seat-help = the chair seats a further member
cli-review-seat-name-help = the account's name
cli-review-seated = { $name } is seated.
cli-review-agenda-help = show the agenda, or (the chair) set it
cli-review-agenda-list-help = the enterprises on the agenda, in order
cli-review-agenda-empty = The agenda is empty.
cli-review-record-help = attach the fair competition review's record (needed to publish)
cli-review-record-file-help = the record's file
cli-review-record-reference-help = its reference number
cli-review-record-date-help = the day it was concluded (today by default)
cli-review-recorded = Review record { $file } ({ $reference }) attached.
cli-review-freeze-help = the chair freezes the list for two signatures
cli-review-frozen = The list is frozen: { $list }
cli-review-thaw-help = the chair thaws the list; signatures fall
cli-review-thawed = The list is thawed.
cli-review-sign-help = sign the frozen list (two people, the chair among them)
cli-review-sign-list-help = the digest of the list that is signed (by default the frozen one)
cli-review-signed = List { $list } signed; signed by { $signed }; now { $phase }
cli-review-export-help = an auditor exports the whole ledger for checking offline
cli-review-export-path-help = the file to write
cli-review-exported = The ledger is in { $path }.
cli-publish-help = publish the signed list as a folder
cli-publish-out-help = the folder to write (by default under publications in the home folder)
cli-publish-notice-help = working days of public notice
cli-publish-until-help = the last day of notice, e.g. 2027-01-08
cli-publish-language-help = the files' language: zh-CN or en
cli-publish-done = Published to { $folder } ({ $files } files). Public notice until { $notice_until }; in force from { $valid_from } to { $valid_to }.
cli-dossier-help = One enterprise's dossier (a single HTML file): place, points and reasons; marked as a working paper before publication
cli-dossier-out-help = where to write it; by default IDENTIFIER.html in the current folder
cli-dossier-done = Written to { $path }.
cli-verify-help = check the ledger, a published folder or an exported ledger; faults end with status 1
cli-verify-path-help = a published folder or an exported ledger (by default the ledger itself)
cli-verify-ledger = The ledger is whole: { $events } events, the chain holds.
cli-verify-folder = { $folder } agrees with its manifest: every file has its hash, none is missing, none too many.
cli-verify-rebuilt = The list drawn anew from its basis is the same, byte for byte.
cli-verify-with-ledger = It agrees with what the ledger recorded.
cli-verify-no-ledger = There is no ledger here, so the folder was checked by itself; to compare it with the ledger, run this where the list was published.
cli-verify-export = { $path } is whole: { $events } events, the chain holds.
cli-directory-enterprise-help = answer for this enterprise alone (identifier): whether it is a member on that day, and by which events
cli-directory-not-member = { $enterprise } is not in the directory on { $on }.
cli-directory-status = { $name } ({ $enterprise }) on { $on }: { $status ->
    [active] a member
    [suspended] suspended
   *[exited] left
 } ({ $track }; from { $from } to { $to })
cli-directory-published = Event { $number }: listed by the list that round { $round } published
cli-directory-change = Event { $number }: from { $from } { $kind ->
    [member_suspended] suspended
    [member_resumed] suspension ended
    [member_exited] left
   *[member_restored] restored
 }{ $end }; { $text } ({ $actor })
cli-directory-until = {" "}until { $until }
cli-directory-cool-down = , not to be listed again until { $until }
cli-directory-help = who is in the directory on a day, and why
cli-directory-on-help = which day (today by default)
cli-directory-empty = There is no directory in force on { $on }.
cli-directory-exported = The entitlements of the { $members } members in force on { $on } are in { $path }.
cli-directory-entitlements-help = also write the entitlement export of that day's members to this CSV file
cli-objection-help = objections in the period of notice: register, score again, answer
cli-objection-number-help = the objection's number
cli-objection-receive-help = register an objection
cli-objection-ground-help = ground: data_wrong, rule_misapplied, integrity, eligibility, other
cli-objection-reference-help = its number in the office's own register (no names are stored)
cli-objection-answer-by-help = the day by which to answer, e.g. 2026-12-20
cli-objection-received = Objection { $number } registered.
cli-objection-list-help = list the round's objections
cli-objection-rescore-help = record what corrected data give under the same rules and models
cli-objection-ranking-help = the digest of the ranking with corrected data (the latest by default)
cli-objection-rescored = Scored again: points { $old_points } → { $new_points }; rank { $old } → { $new }; { $old_listed ->
    [yes] was on the list
   *[no] was not on the list
 }, { $new_listed ->
    [yes] should be on it
   *[no] should not be on it
 }
cli-objection-clock = { $days } days of the notice are left.
cli-objection-ended = The notice has ended; no more objections are registered.
cli-objection-overdue = Not answered by the day set: { $numbers }
cli-objection-open = open
cli-objection-text = { $number }: { $text }
cli-objection-reply = {"  "}answered on { $on }: { $text }
cli-objection-answer-help = the chair answers with reasons
cli-objection-outcome-help = upheld, partly, dismissed
cli-objection-answered = Objection { $number } answered.
cli-member-help = membership: suspend, resume, exit, restore
cli-member-id-help = the enterprise's identifier
cli-member-from-help = from which day (today by default)
cli-member-suspend-help = suspend a membership
cli-member-until-help = the last day of the suspension (by default until resumed)
cli-member-resume-help = end a suspension
cli-member-exit-help = end a membership
cli-member-reason-help = reason: integrity, moved_away, closed, no_longer_eligible, own_request, false_material, other
cli-member-cool-down-help = the last day on which it may not be listed again
cli-member-restore-help = restore after credit repair (evidence required)
cli-member-reverse-help = take a change back
cli-member-number-help = the number of the change in the ledger
cli-member-proposals-help = members whose credit suggests a suspension or a restoration (article 20); a person decides
cli-member-proposals-none = Nothing waits for a decision.
cli-member-accept-help = do what is suggested for a member (a restoration needs the repair's evidence)
cli-member-dismiss-help = decide against what is suggested for a member, saying why
cli-committee-proposed = Suggested
cli-committee-grounds = Because of
cli-member-done = Recorded (number { $number }): { $enterprise }, from { $day }: { $kind ->
    [member_suspended] suspended
    [member_resumed] suspension ended
    [member_exited] left
    [member_restored] restored
    [membership_reversed] a change taken back
   *[credit_dismissed] suggestion dismissed
 }.
cli-committee-number = number
cli-committee-ground = ground
cli-committee-received = received
cli-committee-reference = reference
cli-committee-answer-by = answer by
cli-committee-factor = factor
cli-committee-points-in = wants in (points less track's mean)
cli-committee-points-out = wants out
cli-committee-outcome = outcome
cli-committee-dimension = by
cli-committee-group = group
cli-committee-decided = decided
cli-committee-wants-in = wants in
cli-committee-wants-out = wants out
cli-committee-systematic = systematic
cli-yes = yes
cli-review-learn-help = where committee and model disagree; with --release the chair makes decisions labels
cli-review-release-help = an enterprise whose decision becomes a label (may be repeated)
cli-review-released = { $count } decisions released as labels (batch { $batch }).
cli-review-learned = The committee decided on { $decided } enterprises, on { $apart } of them otherwise than the points.
