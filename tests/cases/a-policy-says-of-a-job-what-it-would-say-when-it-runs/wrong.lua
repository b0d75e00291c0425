output("wrong", from "study.events"
  :group_by("evnt")
  :summarise { persons = "units()" })
