"""The local web page: any browser on this machine is screen, camera and voice of a guided session. (I/O)"""
