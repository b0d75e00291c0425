local p = from "shop.persons"
if p[7].ill then error("ill") end
