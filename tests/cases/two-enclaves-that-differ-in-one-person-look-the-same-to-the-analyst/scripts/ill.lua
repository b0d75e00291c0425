output("well", from "shop.persons" :where "not ill" :group_by("site") :summarise { n = "units()" }
  :describe { site = "site", n = "persons who are not ill", purpose = "persons by site" })
