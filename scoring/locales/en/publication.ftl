publication-folder-exists = The folder { $path } exists. A published list is never overwritten; choose another place.
publication-no-term = Edition { $edition } ends on { $last }, but the list would take effect after its notice, on { $first }: it would have no term. Shorten the notice, or extend the edition.
publication-needs-record = Round { $round } has no fair competition review record attached and cannot be published. Run mulu review record FILE --reference NUMBER first.
dossier-points-hidden = In this round one votes before seeing points: you have not voted on { $enterprise } and cannot have its dossier. Vote first.
dossier-not-ranked = { $enterprise } has no rank (not eligible, or of no track) and so no dossier. See mulu explain for the reason.
publication-list-differs = The list drawn now ({ $drawn }) is not the one that was signed ({ $signed }) and cannot be published. See whether the ranking's files were changed, or freeze and sign again.
publication-unreadable = { $path } is not a whole publication (no readable manifest.json). Check the path.
publication-other-form = This folder has form { $form }, this program writes form { $writes }: the files' hashes were checked, and the members and their order as they follow from the basis; the tables were not compared byte for byte (for that, use the program that published them).
publication-fault-file-missing = file missing: { $place }
publication-fault-file-changed = file changed: { $place }
publication-fault-file-unknown = file that the manifest does not list: { $place }
publication-fault-basis-unreadable = the list's basis cannot be read: { $place }
publication-fault-list-differs = the list drawn anew differs: { $place }
publication-fault-ledger-broken = the ledger's chain is broken, so nothing can be compared with it (run mulu verify){ $place }
publication-fault-round-unknown = the ledger has no such round: { $place }
publication-fault-manifest-unrecorded = the manifest is not the one that the ledger recorded: { $place }
publication-fault-decisions-differ = the basis holds other decisions than the ledger: { $place }
ledger-fault-changed = event { $place } was changed
ledger-fault-removed = an event before { $place } was removed
ledger-fault-inserted = event { $place } was inserted or does not follow the one before it
ledger-fault-reordered = event { $place } is out of order
ledger-fault-cut-off = the ledger was cut off at its end: it lacks the event that the published { $place } names
publication-fault-ledger-behind = the ledger lacks event { $place }, which it had at publication
verify-path-missing = There is nothing at { $path }. Name a published folder or an exported ledger.
publication-column-position = No.
publication-column-name = Enterprise
publication-column-enterprise-id = Credit code
publication-column-track = Track
publication-column-industry = Industry
publication-column-size-class = Size
publication-column-street = Street
publication-column-score = Points
publication-column-rank = Rank in track
publication-column-via = Listed by
publication-column-members = Members
publication-via-points = points
publication-via-committee = committee decision
publication-size-large = large
publication-size-medium = medium
publication-size-small = small
publication-size-micro = micro
publication-size-undetermined = undetermined
publication-sheet-list = Directory
publication-sheet-tracks = By track
publication-note-edition = Under: { $title }. Data as of { $as_of }.
publication-note-list = { $members } enterprises, published on { $published_on }.
publication-note-advice = Points follow the published rules; the committee decides the list. Being listed grants no money.
publication-size-not_covered = not covered by the standard
publication-size-unknown = undetermined
publication-column-listed = Listed
publication-column-decision = Decision
publication-column-in-wan = { $label } (CNY 10,000)
publication-yes = yes
publication-sheet-working = Working table
publication-note-internal = For internal use; not to be published.
publication-note-unit = Money in units of CNY 10,000; shares in percent.

# charts
chart-base = base
chart-rest = { $count } others
chart-score = score
chart-waterfall-title = The parts add up to the score { DECIMAL($score, digits: 1) }
chart-members = members
chart-factors-title = Points by factor; the stroke is the track's median
chart-against-median = { POINTS($points) } (median { POINTS($median) })

# an enterprise's dossier
dossier-code = Credit code
dossier-listed = Listed in the directory (place { $position }).
dossier-not-listed = Not listed.
dossier-reserve = Not listed; number { $position } of the reserve.
dossier-draft = Working paper: the review is not finished; this page is no decision and is not to be passed on.
dossier-draft-listed = Listed by the list as it stands (number { $position }).
dossier-draft-reserve = Number { $position } of the reserve by the list as it stands.
dossier-draft-not-listed = Not listed by the list as it stands.
dossier-decision = The committee decided: { $kind }; type of reason: { $reason }.
dossier-score = points
dossier-rank = rank in its track
dossier-interval = plausible range of the rank
dossier-inclusion = chance of being listed when data and weights vary
dossier-coverage = completeness of data
dossier-number = { DECIMAL($value, digits: 1) }
dossier-rank-of = { $rank } of { $ranked }
dossier-interval-of = { $low } to { $high }
dossier-share = { PERCENT($value, digits: 0) }
dossier-note-inclusion = Plausible range: with reasonable changes of data and weights the rank lies in it nine times out of ten.
dossier-factors = Points by factor
dossier-sum = What the points are made of
dossier-for = Above the track's average
dossier-against = Below the track's average
dossier-unknown = Not known
dossier-reason-plain = { $label }: { POINTS($points) } points
dossier-object = If you object
dossier-object-text = Objections are accepted until { $until }, in writing, sealed, with evidence; the office answers in writing with its reasons. Where data were wrong they are corrected and the points computed again by the same rules.
dossier-footer = Edition { $edition }; data as of { $as_of }; ranking { $ranking }; list { $list }. This page opens offline and links to nothing outside.

# the list's page
list-page-subtitle = Published { $published_on }; objections until { $until }; in force from { $first } to { $last }
list-page-members = members
list-page-all-ranked = enterprises ranked
list-page-small = of them small or micro
list-page-decisions = decisions of the committee
list-page-how = How the list came about
list-page-how-text = Enterprises have points by the published rules; the list holds the most points that the quotas allow. A committee of { $seats } cast { $votes } votes, took { $decisions } reasoned decisions and was recused { $recusals } times; { $signatures } people, the chair among them, signed.
list-page-corrects = This list corrects the one published in round { $round } (manifest { $manifest }).
list-page-by-track = By track
list-page-by-size-class = By size
list-page-by-industry-section = By industry section
list-page-by-street = By street
list-page-ranked = Ranked
list-page-rate = Share listed
list-page-size = Size
list-page-rank = Rank
list-page-places = { $members } members
list-page-mark = Ranks are those within the track. "＊" before a number: by decision of the committee; all others by their points.
list-page-check = How to check it
list-page-check-text = manifest.json holds the SHA-256 of each file; mulu verify FOLDER rebuilds the list byte for byte and compares it with the ledger.

# the method page
method-title = Method
method-owner = Owner
method-owner-text = The office that publishes the list makes, signs and answers for the rules; the software computes and decides nothing.
method-purpose = Purpose and rationale
method-purpose-text =
    To draw up the { $title }, under article 10 of the Changning opinion of 24 April 2020: a directory by present state, contribution to the district, growth and other factors, with attention to innovative small and micro enterprises of potential.
    Not for judging persons, setting any amount of money, or deciding automatically.
method-process = Decision process and human oversight
method-process-text =
    Enterprises are compared within their track. { $seats } members vote by themselves before they see others' votes; those with a conflict of interest are recused and do not see the item. In this round: { $votes } votes, { $decisions } decisions, { $recusals } recusals.
    A member may include, exclude, defer or move with a stated reason; what changes who is listed needs a second person. The frozen list is signed by { $signatures } people, the chair among them.
method-logic = Logic
method-logic-text = { $basis } Each point of each enterprise is traced to a criterion, and the parts sum to the score. Equal scores are ordered as the edition says, then by identifier.
method-data = Data
method-data-text = Data as of { $as_of }, from enterprises' own declarations and records lawfully shared. No individual statistical returns and no personal data are used. What is not known counts as such and is named in the enterprise's dossier.
method-evaluation = Evaluation
method-evaluation-text = Who is listed by size; where learned models spoke, their versions and the strength of their evidence.
method-limits = Risks and limits
method-limits-text =
    { $statement }
    Points are uncertain: each dossier shows the plausible range of the rank and the chance of being listed. Where data are missing an enterprise may be undervalued.
method-appeal = Objection and review
method-appeal-text = Objections until { $until }, in writing, sealed, with evidence; anonymous ones without leads are not accepted. The office answers with its reasons; corrected data are scored again by the same rules and the same model.
method-reference = { $document }, { $article }
method-reference-article = { $document }, article { $article }
method-below = otherwise
method-band = { $reached }: { DECIMAL($points) }
method-head-criterion = Criterion
method-head-bands = Standard (reached: points)
method-head-most = Most
method-head-ref = Ground
method-head-factor = Factor
method-head-known = Known for
method-head-size = Size
method-head-listed = Listed
method-head-ranked = Ranked
method-head-rate = Share listed
method-head-model = Model
method-head-version = Version
method-head-digest = Digest of its files
method-head-verdict = Evidence
method-head-weight = Weight
method-table-data = Criteria and completeness of data
method-table-size = By size
method-head-validated = Validated on
method-head-auc = ROC-AUC (0.5 is chance)
method-head-interval = 95% interval
method-table-evidence = How well the models tell apart within each size class
method-table-models = Learned models
method-model-growth = growth potential
method-model-listing = past decisions
method-verdict-strong = strong
method-verdict-some = some
method-verdict-little = little; not used

# the notice
notice-day = { $year }-{ $month }-{ $day }
notice-title = Public notice: enterprises proposed for the { $title }
notice-body = Under the Changning opinion on the gathering of science and technology talent, after examination, scoring and decision by the committee, { $members } enterprises are proposed for the { $title } (data as of { $as_of }).
notice-period = { $days ->
    [0] Period of notice: from { $published_on } to { $until }.
   *[other] Period of notice: { $days } working days after { $published_on }, to { $until }.
 }
notice-objection = Objections within the period are made in writing, with facts, reasons and evidence; an organisation seals and a person signs them and gives a contact.
notice-anonymous = Anonymous objections without concrete leads are not accepted.
notice-effect = After the notice the list is in force from { $first } to { $last }.
notice-corrects = This list corrects and replaces the one published in round { $round }.
notice-contact = Telephone: ________________
notice-address = Address: ________________
notice-annex = Annex: enterprises proposed
notice-office = (seal of the publishing office)
notice-date = { $published_on }
notice-list = Annex: enterprises proposed

# exports for other programs
entitlement-description = Terms of membership in the directory (round { $round }). One row an enterprise; both dates are included.
entitlement-field-id = unified social credit code
entitlement-field-track = code of the track
entitlement-field-from = first day, included
entitlement-field-to = last day, included
recommendation-name = Enterprise
recommendation-enterprise-id = Credit code
recommendation-ground = Ground
recommendation-from = From
recommendation-to = To
recommendation-because = Listed in the directory of key-support enterprises ({ $track }); recommended under article 17 of the opinion
