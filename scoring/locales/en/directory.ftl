quota-total = the total
quota-track = the { $side ->
    [max] most
   *[min] least
  } places for { $name }
quota-small_and_micro = the least share of small and micro enterprises
quota-industry = the most places for industry section { $name }
quota-key_industry = the { $side ->
    [max] most
   *[min] least
  } places for { $name }
quota-street = the least places for { $name }
quota-group = { $name ->
    [none] most places for any group of companies
   *[other] most places for the group "{ $name }"
  }
list-track = { $track }: { $count } listed, lowest { DECIMAL($lowest, digits: 1) } points
list-binding = { $quota } ({ $number }) binds: one place { $side ->
    [max] more
   *[min] fewer
  } would lift the list by { DECIMAL($price, digits: 1) } points
list-binding-who = then { $enters } would be listed{ $out ->
    [0] {""}
   *[other] {""} and { $leaves } would not
  }
list-near-miss = { $name }: would be listed with { DECIMAL($lacks, digits: 2) } points more
list-near-miss-quota = { $name }: would be listed with { DECIMAL($lacks, digits: 2) } points more, or if one place were relaxed in { $quotas }
explain-track = Track: { $track } ({ $rule })
explain-track-alone = Track: { $track }
explain-place = { DECIMAL($score, digits: 2) } points, number { $rank } of { $count } in the track (could be { $low } to { $high }), which has up to { $places } places; on the list with probability { PERCENT($inclusion, digits: 0) }
explain-ineligible = Not ranked: { $reason }
explain-track-lacks = With these facts it can be placed again: { $fields }
explain-track-rules = The conditions of the tracks (any one is enough):
explain-field-size_class = size of the enterprise
explain-field-key-industry = industry code
explain-field-ownership = ownership
explain-field-street = street
explain-field-name = name
explain-field-industry_code = industry code
explain-field-industry_name = name of the industry
explain-field-industry_section = industry section
explain-field-region = region
explain-field-group_id = group of companies
explain-field-status = registration status
explain-field-revenue_cny = revenue
explain-field-employees = employees
explain-coverage = { PERCENT($coverage, digits: 0) } of the card rests on known data
origin-value = { $label }: { $value }
origin-definition = Definition: { $definition }
origin-inputs = Made from: { $inputs }
