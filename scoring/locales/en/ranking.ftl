ranking-nobody = No registration or report was known by { $as_of }. Take data in with mulu intake, or give a later --as-of.
saved-none = There is no { $what ->
    [ranking] ranking yet. Run mulu rank first.
   *[selection] proposed list yet. Run mulu select first.
  }
saved-gone = The { $what ->
    [ranking] ranking
   *[selection] proposed list
  } "{ $digest }" is not in { $path }, where nothing is left. Restore it from a backup, or run { $what ->
    [ranking] mulu rank
   *[selection] mulu select
  } again.
saved-unknown = There is not exactly one { $what ->
    [ranking] ranking
   *[selection] proposed list
  } whose digest begins with "{ $digest }". The last ones: { $known }; "latest" is the newest.
model-catalogue-differs = Version { $version } of the { TARGET($target) } model was taught on features that are computed otherwise now and cannot rank: { $features }. Run mulu train --target { $target } again.
enterprise-unknown = The ranking has no enterprise "{ $enterprise }". { NEAREST($nearest) }Give its credit code (or identifier) or its full name.
enterprise-ambiguous = Several enterprises are called "{ $enterprise }": { $known }. Give the identifier.
note-no-model = There is no { $source ->
    [growth] growth
   *[listing] listing
  } model: its weight goes to the card.
note-model-little = The { $source ->
    [growth] growth
   *[listing] listing
  } model (version { $version }) carries too little signal and has no say: its weight goes to the card.
note-model-restricted = The { $source ->
    [growth] growth
   *[listing] listing
  } model uses features that this edition may not use ({ $features }) and has no say: its weight goes to the card.
note-model-not-promoted = The { $source ->
    [growth] growth
   *[listing] listing
  } model (version { $version }) has not been put in office by two signatures; it is used as the latest.
note-no-list = The quotas cannot hold together, so there is no list and every probability of being listed is 0. mulu select names the quotas that conflict.
mode-card = All points are those of the scorecard; no learned model has a say.
mode-blend = Points are those of the scorecard and of learned models together.
mode-little = The { $source ->
    [growth] growth
   *[listing] listing
  } model was tested, carries too little signal and has no say.
track-none = no track
key-industry-none = no key industry
age-band = { $band } years
reason-no-track = meets the conditions of no track
reason-no-track-unknown = cannot be placed in a track by what is known
note-drift-some = { $count } features ({ PERCENT($share, digits: 0) }) of the { $source ->
    [growth] growth
   *[listing] listing
  } model (version { $version }) look clearly different from training, such as { $features }. Read the ranking with care; all of them stand on the page Model, "Since its training", or run mulu models drift.
note-drift-many = { $count } features ({ PERCENT($share, digits: 0) }) of the { $source ->
    [growth] growth
   *[listing] listing
  } model (version { $version }) look clearly different from training, such as { $features }. The model is asked about enterprises it does not know: the ranking is made, but train again before deciding by it.
note-drift-many-newest = { $count } features ({ PERCENT($share, digits: 0) }) of the { $source ->
    [growth] growth
   *[listing] listing
  } model (version { $version }) look clearly different from training, such as { $features }. It was taught on all that is known, so training again changes nothing: rely on the card and the reasons; all of them stand on the page Model, "Since its training", or run mulu models drift.
