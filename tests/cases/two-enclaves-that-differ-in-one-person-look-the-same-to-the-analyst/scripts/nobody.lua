local many = from "shop.visits" :per_unit { n = "count()" } :where "n > 1000"
output("many", from "shop.persons" :join(many, "semi") :group_by("site") :summarise { n = "units()" }
  :describe { site = "site", n = "persons with more than 1000 visits", purpose = "visits by site" })
