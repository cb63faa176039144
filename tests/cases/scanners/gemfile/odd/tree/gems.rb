# gem "rails"
gem
