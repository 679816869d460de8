cli-edition-field = { $name ->
    [zh] Chinese
    [en] English
    [document] document
    [article] article
    [phrase] phrase
    [field] what is tested
    [one_of] one of
    [contains] contains
    [at_least] at least
    [less_than] less than
    [known] known or not
    [id] name
    [title] title
    [when] conditions
    [ref] reference
    [points] points
    [feature] feature
    [unit] unit
    [bands] bands
    [categories] points by category
    [below] below the first band
    [unknown] when unknown
    [basis] where the numbers come from
    [note] note
    [criteria] criteria
    [scorecard] weight of the card
    [growth] weight of the growth model
    [listing] weight of the listing model
    [points_per_log_odds] points for one unit of log-odds
    [base] base
    [weights] move of the weights
    [draws] draws
    [min] at least
    [max] at most
    [max_share] largest share
    [named] by name
    [min_share] least share
    [classes] sizes that count
    [margin] margin
    [places] places
    [tracks] tracks
    [small_and_micro] small and micro
    [industries] industries
    [streets] streets
    [groups] groups of companies
    [incumbents] incumbents
    [reserve] reserve
    [codes] industry codes
    [grounds] legal grounds
    [statement] statement
    [table] table
    [too_few] fewest for a verdict
    [mulu_edition] form
    [name] name of the edition
    [from_date] in force from
    [until_date] in force until
    [max_report_age_months] oldest report in months
    [references] references
    [legal] law
    [evidence] evidence
    [key_industries] key industries
    [eligibility] not eligible
    [blend] weights
    [tie_break] order of equal points
    [uncertainty] rank intervals
    [list] list
    [coverage] coverage
    [review] review
   *[other] { $name }
  }
cli-edition-differs = { $where } ({ $place })
cli-edition-has = {"  "}{ $edition }: { $value }
cli-edition-absent = none
