"""Several agencies on one case, several cases of one report, several reporters of one matter."""
