"""Banks that come by chat from county staff: of policy answers or of quiz questions."""
