@main enum DotproxyCommand { static func main() {} }
