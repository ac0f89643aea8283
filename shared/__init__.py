"""What every service speaks (schemas, problems) and stands on (platform); it never imports a service."""
