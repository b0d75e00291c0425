foreach(name sign_base64 sign_ssh_key sign_sshsig sign_note sign_dsse)
	sl_fuzz_target(${name} SOURCES "${CMAKE_CURRENT_LIST_DIR}/${name}.c" LINKS sl_sign)
endforeach()
