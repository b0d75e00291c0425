foreach(target load_csv load_gzip load_sqlite load_frames)
	sl_fuzz_target(${target} SOURCES "${CMAKE_CURRENT_LIST_DIR}/${target}.c" LINKS sl_load)
endforeach()
sl_fuzz_target(load_import SOURCES "${CMAKE_CURRENT_LIST_DIR}/load_import.c" LINKS sl_load sl_vault_reader)
