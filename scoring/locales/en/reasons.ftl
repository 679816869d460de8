reason-more = { $label }: { $value }{ $place } gives { POINTS($points) } points, { DECIMAL($difference, digits: 1) } above the track's average
reason-less = { $label }: { $value }{ $place } gives { POINTS($points) } points, { DECIMAL($difference, digits: 1) } below the track's average
place-better = { ", better than" } { PERCENT($share, digits: 0) } of the track,
place-few = { ", better than fewer than" } { PERCENT($share, digits: 0) } of the track,
place-first = { ", the best of the track," }
place-last = { ", the last of the track or equal to it," }
reason-unknown = { $label } is not known: it could give up to { DECIMAL($most, digits: 1) } points and counts as { DECIMAL($points, digits: 1) }
reason-runs-against = Runs against the declared direction: the learned model gives points against what counts as better; please check
value-unknown = unknown
value-yes = yes
value-no = no
value-of-key_industry = { $value ->
    [1] yes
    [0] no
   *[other] a related industry
  }
value-share = { PERCENT($value) }
value-money = { MONEY($value) }
value-money-each = { MONEY($value) } per person
value-persons = { DECIMAL($value, digits: 0) } { $value ->
    [one] person
   *[other] persons
  }
value-pieces = { DECIMAL($value, digits: 1) }
value-years = { DECIMAL($value, digits: 1) } { $value ->
    [one] year
   *[other] years
  }
value-days = { DECIMAL($value, digits: 0) } { $value ->
    [one] day
   *[other] days
  }
value-points = { DECIMAL($value, digits: 1) } points
value-number = { DECIMAL($value, digits: 2) }
value-other = { DECIMAL($value, digits: 2) } { $unit }
value-place = among the top { PERCENT($value, digits: 0) } of its peers
value-place-low = among the last { PERCENT($value, digits: 0) } of its peers
value-place-all = among the top { PERCENT($value, digits: 0) } of all enterprises
value-place-all-low = among the last { PERCENT($value, digits: 0) } of all enterprises
factor-status = Present state
factor-contribution = Contribution
factor-growth = Growth
factor-industry = Industry
factor-innovation = Innovation
factor-talent = Talent
factor-market = Market and society
factor-integrity = Integrity
source-card = card
source-growth = growth model
source-listing = listing model
zone-in = safely on the list
zone-grey = at the line
zone-out = off the list
size-large = large
size-medium = medium
size-small = small
size-micro = micro
size-undetermined = undetermined
via-points = by points
via-quota = by a minimum quota
via-override = by decision of the committee
change-none = No change of two figures that an enterprise can make, within what its peers show, would be enough.
change-needed = It lacks { DECIMAL($lacks, digits: 2) } points; the least change that gives them:
change-step = { $label }: from { $before } to { $after }
ranking-model-gone = Version { $version } of the { $source ->
    [growth] growth
   *[listing] listing
  } model that spoke in this ranking is gone. Run mulu rank again.
