local x <close> = from "study.persons"
